import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { accessFindings, type Browser, noChromium, openBrowser, picture } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { execute } from '../support/plane.ts';

let folder: string;
let site: string;
const sources = 'https://example.org/blob/main/';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-docs-'));
  site = join(folder, 'below', 'some path');
  await build(site, sources);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `sources`: where the repository can be read; undefined where nobody knows. */
async function build(site: string, sources: string | undefined): Promise<void> {
  const command = join(repository, 'node_modules/@11ty/eleventy/cmd.cjs');
  const config = join('docs', 'site', 'eleventy.config.ts');
  const made = await execute(
    process.execPath,
    [command, '--quiet', `--config=${config}`, `--output=${site}`],
    { ...process.env, DOCS_SOURCES: sources },
  );
  if (made.code !== 0) throw new Error(`${made.stdout}${made.stderr}`);
}

test.each([
  ['known', sources],
  ['not known', undefined],
])(
  'every link leads to a file and a part of it, by a way that holds anywhere, where sources are %s',
  async (_how, known) => {
    const made = known ? site : join(folder, 'alone');
    if (!known) await build(made, undefined);
    const names = readdirSync(made, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.html'),
    );
    expect(names.length).toBeGreaterThan(70);
    expect(names.flatMap((name) => wrongLinks(made, name))).toEqual([]);
  },
);

/** Nothing is loaded from elsewhere; pages may lead there. */
function wrongLinks(site: string, name: string): string[] {
  const textOf = (file: string) => readFileSync(join(site, file), 'utf8');
  const links = textOf(name).matchAll(/ (href|src|srcset)="([^"]*)"/g);
  return [...links].flatMap(([, attribute, address = '']) => {
    const [path = '', part = ''] = address.split('#').map(decodeURIComponent);
    const isRight = () => {
      if (path.startsWith(sources)) return existsSync(join(repository, path.slice(sources.length)));
      if (/^[a-z]+:/.test(path)) return attribute === 'href';
      const found = path ? join(dirname(name), path) : name;
      if (path.startsWith('/') || !existsSync(join(site, found))) return false;
      return !part || textOf(found).includes(` id="${part}"`);
    };
    return isRight() ? [] : [`${name}: ${address}`];
  });
}

needs(noChromium).describe('in Chromium, from file://', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function open(name: string, colorScheme: 'light' | 'dark' = 'light') {
    const page = await browser.newPage({ colorScheme });
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(`${pathToFileURL(join(site, name))}`);
    return { page, complaints };
  }

  test('a search finds parts of pages by their words, in English and Korean, by keys alone', async () => {
    const { page, complaints } = await open('aws.html');
    await page.keyboard.press('/');
    await page.keyboard.type('fork inherits');
    await page.getByRole('link', { name: 'Logical clusters: What a fork inherits' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/clusters\.html#what-a-fork-inherits$/);
    await page.getByRole('searchbox').fill('컨트롤러');
    await page
      .getByRole('search')
      .getByRole('link', { name: /^쿠버네티스, 한 걸음씩 배우기/ })
      .first()
      .waitFor();
    await page.getByRole('searchbox').fill('nowordofthis');
    await page.getByText('0 found').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a learner goes from page to page, and changes the language', async () => {
    const { page, complaints } = await open('index.html');
    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Learn Kubernetes, step by step' })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Learn Kubernetes, step by step' }).waitFor();
    await page
      .getByRole('navigation', { name: 'On this page' })
      .getByRole('link', { name: '1. The parts' })
      .click();
    await page.waitForURL(/learn\.html#1-the-parts$/);
    await page.getByRole('article').getByRole('link', { name: '한국어' }).click();
    await page.getByRole('heading', { level: 1, name: '쿠버네티스, 한 걸음씩 배우기' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ko');
    await picture(page, 'docs-korean');
    await page.getByRole('link', { name: /→$/ }).click();
    await page.getByRole('link', { name: /^← 쿠버네티스/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'axe finds nothing, %s, and a narrow screen is not overrun',
    async (scheme) => {
      for (const name of [
        'index.html',
        'learn.ko.html',
        'compatibility.html',
        'structure.html',
        'adr/index.html',
      ]) {
        const { page } = await open(name, scheme);
        expect(await accessFindings(page)).toEqual([]);
        await picture(page, `docs-${scheme}-${name.replace('/', '-')}`);
        await page.setViewportSize({ width: 420, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420);
        await page.close();
      }
    },
  );
});
