/** Attributes that hold links, by element: those of upstream's proxy. */
const linksOf = new Map(
  Object.entries({
    a: ['href'],
    applet: ['codebase'],
    area: ['href'],
    audio: ['src'],
    base: ['href'],
    blockquote: ['cite'],
    body: ['background'],
    button: ['formaction'],
    command: ['icon'],
    del: ['cite'],
    embed: ['src'],
    form: ['action'],
    frame: ['longdesc', 'src'],
    head: ['profile'],
    html: ['manifest'],
    iframe: ['longdesc', 'src'],
    img: ['longdesc', 'src', 'usemap'],
    input: ['src', 'usemap', 'formaction'],
    ins: ['cite'],
    link: ['href'],
    object: ['classid', 'codebase', 'data', 'usemap'],
    q: ['cite'],
    script: ['src'],
    source: ['src'],
    video: ['poster', 'src'],
  }),
);

/** Elements whose content is text, whatever looks like a tag in it. */
const textual = /^(?:iframe|noembed|noframes|noscript|plaintext|script|style|title|textarea|xmp)$/;

/**
 * What may begin at a `<`: a comment, or a start tag with its attributes. No `<` is let into a tag outside quotes, so that
 * no text makes these expressions look at it again and again.
 */
const comment = /<!--/y;
const startTag = /<([a-z][^\s/<>]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/iy;
const cutTag = /<[a-z][^\s/<>]*(?:[^"'<>]|"[^"]*"|'[^']*')*(?:"[^"]*|'[^']*)?$/iy;
/** Begins where a name does: within a long one nothing is tried. */
const attribute = /(?<![^\s=/>"'])([^\s=/>"']+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;

/** Longer than any tag should be: what is not closed by then is passed on as it is. */
const longestTag = 64 * 1024;

/**
 * Passes HTML on with the links of its tags rewritten, everything else byte for byte. A tag may be cut anywhere by the
 * chunks; no more than one is held back.
 */
export async function* rewriteHtml(
  chunks: AsyncIterable<Uint8Array>,
  rewrite: (link: string) => string,
): AsyncIterable<Uint8Array> {
  // Latin-1 has a character for each byte, so that text of any encoding comes out as it went in.
  let held = '';
  let until: string | undefined;
  const take = (text: string, isLast: boolean): string => {
    const step = rewriteText(text, until, rewrite, isLast);
    held = step.rest;
    until = step.until;
    return step.done;
  };
  for await (const chunk of chunks) {
    const done = take(held + Buffer.from(chunk).toString('latin1'), false);
    if (done) yield Buffer.from(done, 'latin1');
  }
  const last = take(held, true);
  if (last) yield Buffer.from(last, 'latin1');
}

interface Step {
  done: string;
  /** What cannot be judged before more has come. */
  rest: string;
  /** What has to come before there are tags again. */
  until: string | undefined;
}

function rewriteText(
  text: string,
  until: string | undefined,
  rewrite: (link: string) => string,
  isLast: boolean,
): Step {
  const lower = text.toLowerCase();
  let done = '';
  let at = 0;
  for (;;) {
    if (until !== undefined) {
      const end = lower.indexOf(until, at);
      if (end < 0) {
        // The end that is waited for may be cut, too.
        const sure = isLast ? text.length : Math.max(at, text.length - until.length + 1);
        return { done: done + text.slice(at, sure), rest: text.slice(sure), until };
      }
      done += text.slice(at, end + until.length);
      at = end + until.length;
      until = undefined;
    }
    const open = text.indexOf('<', at);
    if (open < 0) return { done: done + text.slice(at), rest: '', until };
    done += text.slice(at, open);
    if (!isLast && isCut(text, open)) return { done, rest: text.slice(open), until };
    const tag = matchAt(startTag, text, open);
    if (tag) {
      const [whole, name = '', attributes = ''] = tag;
      const element = name.toLowerCase();
      const links = linksOf.get(element);
      done += links ? `<${name}${rewriteAttributes(attributes, links, rewrite)}>` : whole;
      at = open + whole.length;
      if (textual.test(element)) until = `</${element}`;
    } else {
      if (matchAt(comment, text, open)) until = '-->';
      done += '<';
      at = open + 1;
    }
  }
}

/** What begins at `open` may go on in the next chunk. */
function isCut(text: string, open: number): boolean {
  const length = text.length - open;
  return length < 4 || (length < longestTag && matchAt(cutTag, text, open) !== null);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function rewriteAttributes(text: string, links: string[], rewrite: (link: string) => string): string {
  return text.replace(attribute, (whole, name: string, equals: string, value: string) => {
    if (!links.includes(name.toLowerCase())) return whole;
    const quote = /^["']/.exec(value)?.[0] ?? '';
    const link = unescaped(quote ? value.slice(1, -1) : value);
    const rewritten = rewrite(link);
    if (rewritten === link) return whole;
    return `${name}${equals}"${rewritten.replaceAll('&', '&amp;').replaceAll('"', '&#34;')}"`;
  });
}

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
