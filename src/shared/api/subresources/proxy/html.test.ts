import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rewriteHtml } from './html.ts';

const rewrite = (link: string) => (link.startsWith('/') ? `/p${link}` : link);

async function rewritten(...chunks: (string | Uint8Array)[]): Promise<Buffer> {
  const given = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk as string);
  })();
  const parts: Uint8Array[] = [];
  for await (const part of rewriteHtml(given, rewrite)) parts.push(part);
  return Buffer.concat(parts);
}

test.each([
  ['<a href="/x">/x</a>', '<a href="/p/x">/x</a>'],
  ["<A class=b HREF = '/x' id=c>", '<A class=b HREF = "/p/x" id=c>'],
  ['<img src=/x usemap="#m">', '<img src="/p/x" usemap="#m">'],
  ['<a href="/x?a=1&amp;b=&quot;">', '<a href="/p/x?a=1&amp;b=&#34;">'],
  ['<a title="<a href=/y>" href="/x">', '<a title="<a href=/y>" href="/p/x">'],
  ['<p href="/x">', '<p href="/x">'],
  ['<!-- <a href="/x"> --><a href="/y">', '<!-- <a href="/x"> --><a href="/p/y">'],
  [
    '<script src="/x">"<a href=/y>"</script><a href="/z">',
    '<script src="/p/x">"<a href=/y>"</script><a href="/p/z">',
  ],
  ['1 < 2 <a href="/x"', '1 < 2 <a href="/x"'],
  ["<a class='x'href='/x'>", '<a class=\'x\'href="/p/x">'],
  ['<a <a href="/x">', '<a <a href="/p/x">'],
  ['<a "x>y" href="/x">', '<a "x>y" href="/x">'],
  ['<a title=\n"a>b" href="/x">', '<a title=\n"a>b" href="/p/x">'],
  [
    '<form action="/x" method=post><input formaction="/y"/>',
    '<form action="/p/x" method=post><input formaction="/p/y"/>',
  ],
])('%s', async (html, wanted) => {
  expect(String(await rewritten(html))).toBe(wanted);
});

test('where a page is cut into chunks does not matter', async () => {
  const part = fc.constantFrom(
    '<a href="/x">',
    '<!--',
    '-->',
    '<script>',
    '</script>',
    "<img src='/y'>",
    '<',
    '"',
    '<a title="',
    "<img alt='",
    'é',
    '>',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part), fc.integer({ min: 1, max: 7 }), async (parts, size) => {
      const whole = Buffer.from(parts.join(''));
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
        whole.subarray(i * size, (i + 1) * size),
      );
      expect(await rewritten(...chunks)).toEqual(await rewritten(whole));
    }),
  );
});

test('a tag that is longer than any should be is passed on as it is, however it comes', async () => {
  const page = Buffer.from(`<a title="${'<a "'.repeat(20_000)}" href="/x"><a href="/y">`);
  const whole = await rewritten(page);
  const chunks = Array.from({ length: 100 }, (_, i) => page.subarray(i * 1000, (i + 1) * 1000));
  expect(await rewritten(...chunks)).toEqual(whole);
  expect(String(whole)).toMatch(/<a href="\/p\/y">$/);
});

test('a page without links goes through byte for byte, whatever its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const plain = bytes.filter((byte) => byte !== 0x3c);
      expect(new Uint8Array(await rewritten(plain))).toEqual(plain);
    }),
  );
});
