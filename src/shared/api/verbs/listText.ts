import type { AnyObject } from '../../meta/object.ts';
import { toYaml } from '../http/yaml.ts';

/** Is how a list is written around its items and item by item: all that a client asks for may be a hundred megabytes. */
export interface ListText {
  before: string;
  item(object: AnyObject): unknown;
  /** Writes what `item` returned. */
  write(item: unknown): string;
  between: string;
  after: string;
  /** Is the whole text of a list without items. */
  empty: string;
}

type Item = ListText['item'];

/** Writes what JSON.stringify would of the head and the items as its last member, in one line. */
export const jsonList = (head: object, name: string, item: Item): ListText => ({
  before: `${JSON.stringify(head).slice(0, -1)},"${name}":[`,
  item,
  write: (value) => JSON.stringify(value),
  between: ',',
  after: ']}\n',
  empty: `${JSON.stringify({ ...head, [name]: [] })}\n`,
});

/** Writes the same over lines, for people. */
export const prettyList = (head: object, name: string, item: Item): ListText => ({
  before: `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "${name}": [`,
  item,
  write: (value) => `\n    ${JSON.stringify(value, undefined, 2).replaceAll('\n', '\n    ')}`,
  between: ',',
  after: '\n  ]\n}',
  empty: JSON.stringify({ ...head, [name]: [] }, undefined, 2),
});

/** Writes the same in YAML: the keys of the head are sorted, those behind `items` follow it. */
export function yamlList(head: { kind: string; apiVersion: string; metadata: object }, item: Item): ListText {
  const { apiVersion, ...rest } = head;
  return {
    before: `${toYaml({ apiVersion })}items:\n`,
    item,
    // Three dots end a document whose last text ends in empty lines: here it goes on.
    write: (value) => toYaml([value]).replace(/\n\.\.\.\n$/, '\n'),
    between: '',
    after: toYaml(rest),
    empty: toYaml({ ...head, items: [] }),
  };
}
