import { table } from '../../shared/meta/table.ts';

/** Is what `KEY=VALUE` and `KEY-` words ask for. */
export interface Pairs {
  set: Record<string, string>;
  remove: string[];
}

/** Parts the words that name objects from those that change them. Throws in kubectl's words. */
export function partWords(words: string[], what: string): { objects: string[]; changes: string[] } {
  const isChange = (word: string) => /^[^=].*=|^[^=]=/s.test(word) || (word.endsWith('-') && word !== '-');
  const first = words.findIndex(isChange);
  const objects = first < 0 ? words : words.slice(0, first);
  const changes = first < 0 ? [] : words.slice(first);
  const late = changes.find((word) => !isChange(word));
  if (late !== undefined) throw new Error(`all resources must be specified before ${what} changes: ${late}`);
  return { objects, changes };
}

export function pairsOf(changes: string[]): Pairs {
  const set: Record<string, string> = table({});
  const remove: string[] = [];
  for (const change of changes) {
    const at = change.indexOf('=');
    if (at > 0) set[change.slice(0, at)] = change.slice(at + 1);
    else remove.push(change.slice(0, -1));
  }
  return { set, remove };
}
