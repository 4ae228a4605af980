/** A link of a Markdown text, as it is written. */
export interface Link {
  text: string;
  target: string;
}

/** @returns links and pictures of a text, without those in code. */
export function linksIn(markdown: string): Link[] {
  const found = [...prose(markdown).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g)];
  const pictures = [...prose(markdown).matchAll(/(?:src|srcset)="([^"]+)"/g)];
  return [
    ...found.flatMap(([, text = '', target = '']) => [{ text, target }, ...linksIn(text)]),
    ...pictures.map(([, target = '']) => ({ text: '', target })),
  ];
}

/** @returns the first heading, without marks. */
export const titleOf = (markdown: string): string | undefined =>
  /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '');

/** @returns the anchors of all headings, as GitHub names them. */
export function anchorsIn(markdown: string): string[] {
  const name = anchorNames();
  return [...withoutBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    name(plain(heading)),
  );
}

/** @returns a function that names headings of one page in their order: GitHub numbers those that come again. */
export function anchorNames(): (heading: string) => string {
  const seen = new Map<string, number>();
  return (heading) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times ? `${name}-${times}` : name;
  };
}

/** A heading as it is read: without code marks, and with the words of links only. */
const plain = (heading: string) =>
  heading
    .trim()
    .replaceAll('`', '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');

const withoutBlocks = (markdown: string) => markdown.replace(/^( *)(```+|~~~+)[\s\S]*?^ *\2 *$/gm, '');
const prose = (markdown: string) =>
  withoutBlocks(markdown).replace(/(`+)(?:(?!\1)[^\n]|\n(?!\n))*?\1/g, (code) =>
    code.replace(/[[\]()<>"]/g, ' '),
  );
