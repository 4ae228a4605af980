/** A part of a page that a search finds: from one heading to the next. */
export interface Part {
  page: string;
  title: string;
  /** Of the part; the page's own for what stands before its second heading. */
  heading: string;
  anchor: string;
  text: string;
}

/** @returns the parts of a page of the site, of what stands in its `article`. */
export function partsOf(page: string, title: string, html: string): Part[] {
  const article = /<article>([\s\S]*)<\/article>/.exec(html)?.[1] ?? '';
  const [before = '', ...rest] = article.split(/<h(?=[23] id=")/);
  const parts = rest.map((each) => {
    const [, anchor = '', heading = '', text = ''] =
      /^. id="([^"]*)"[^>]*>([\s\S]*?)<\/h[23]>([\s\S]*)$/.exec(each) ?? [];
    return { page, title, heading: wordsOf(heading), anchor, text: wordsOf(text) };
  });
  const first = {
    page,
    title,
    heading: title,
    anchor: '',
    text: wordsOf(before.replace(/<h1[\s\S]*?<\/h1>/, '')),
  };
  return [first, ...parts];
}

/** @returns headings of the second level, for the list beside a page. */
export const headingsOf = (html: string): { anchor: string; text: string }[] =>
  [...html.matchAll(/<h2 id="([^"]*)"[^>]*>([\s\S]*?)<\/h2>/g)].map(([, anchor = '', text = '']) => ({
    anchor,
    text: wordsOf(text),
  }));

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };

const wordsOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(lt|gt|quot|amp);/g, (all, name: string) => entities[name] ?? all)
    .replace(/\s+/g, ' ')
    .trim();
