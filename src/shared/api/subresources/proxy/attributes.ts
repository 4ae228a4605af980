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

/** Begins where a name does: within a long one nothing is tried. */
const attribute = /(?<![^\s=/>"'])([^\s=/>"']+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;

/** The attributes of a tag of that name, as they are written in it, with their links rewritten. */
export function rewriteAttributes(tag: string, text: string, rewrite: (link: string) => string): string {
  const links = linksOf.get(tag.toLowerCase());
  if (!links) return text;
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
