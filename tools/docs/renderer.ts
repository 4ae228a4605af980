import { anchorNames } from './markdown.ts';

/** What is used of markdown-it, which comes with the generator. */
export interface MarkdownIt {
  renderer: { rules: Record<string, (() => string) | undefined> };
  core: { ruler: { push(name: string, rule: (state: State) => void): void } };
}

interface State {
  tokens: Token[];
  /** The data of the page. */
  env: { file?: string };
}

interface Token {
  type: string;
  tag: string;
  content: string;
  attrs: [string, string][] | null;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** Gives headings the anchors that GitHub gives them, and leads links and pictures to where they are in the site. */
export function asSite(
  library: MarkdownIt,
  href: (file: string, target: string) => string | undefined,
): void {
  // What is too wide is scrolled, by keys too.
  library.renderer.rules.table_open = () =>
    '<div class="table" role="group" aria-label="Table" tabindex="0"><table>';
  library.renderer.rules.table_close = () => '</table></div>';
  library.core.ruler.push('site', ({ tokens, env: { file } }) => {
    if (file === undefined) return;
    const name = anchorNames();
    tokens.forEach((token, i) => {
      if (token.type === 'heading_open') token.attrSet('id', name(wordsOf(tokens[i + 1]?.children ?? [])));
      if (token.type === 'html_block' || token.type === 'html_inline')
        rewriteHtml(token, (to) => href(file, to));
      if (token.type === 'fence') token.attrSet('tabindex', '0');
      for (const child of token.children ?? []) rewrite(child, (to) => href(file, to));
    });
  });
}

type Href = (target: string) => string | undefined;

function rewrite(token: Token, href: Href): void {
  if (token.type === 'html_inline') rewriteHtml(token, href);
  const attribute = { link_open: 'href', image: 'src' }[token.type];
  if (!attribute) return;
  const target = token.attrGet(attribute) ?? '';
  const found = href(decodeURI(target));
  if (found !== undefined) token.attrSet(attribute, found);
  // A source that nobody here can link to: its words stay, and where it is.
  else token.attrs = [['title', target]];
}

function rewriteHtml(token: Token, href: Href): void {
  token.content = token.content.replace(
    /(src|srcset|href)="([^"]+)"/g,
    (_all, name: string, target: string) => `${name}="${href(target) ?? target}"`,
  );
}

const wordsOf = (tokens: Token[]): string =>
  tokens
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
