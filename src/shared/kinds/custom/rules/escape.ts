import { table } from '../../../meta/table.ts';

const reserved = new Set(
  (
    'true false null in as break const continue else for function if import let loop package namespace return ' +
    'var void while'
  ).split(' '),
);
const sequences: Record<string, string> = table({
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
});
const originals: Record<string, string> = table({ underscores: '__', dot: '.', dash: '-', slash: '/' });

/** The name by which expressions reach a property; undefined for a property that they cannot name. */
export function escapeName(name: string): string | undefined {
  if (name === '' || /^\d/.test(name) || /[^a-zA-Z0-9\-./_]/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[-./]/g, (part) => sequences[part]!);
}

/**
 * The names by which expressions reach a property, of which the first is the escaped one. Words of the language are names
 * of fields as they are, too, since Kubernetes 1.31.
 */
export function namesOfField(escaped: string): string[] {
  const word = /^__([a-z]+)__$/.exec(escaped)?.[1];
  return word && reserved.has(word) ? [escaped, word] : [escaped];
}

/** The property that a name stands for; undefined when it has an escape that there is none of. */
export function unescapeName(escaped: string): string | undefined {
  let valid = true;
  const name = escaped.replace(/__[^_]+__/g, (part) => {
    const content = part.slice(2, -2);
    if (Object.hasOwn(originals, content)) return originals[content]!;
    valid &&= reserved.has(content) && part.length === escaped.length;
    return content;
  });
  return valid ? name : undefined;
}
