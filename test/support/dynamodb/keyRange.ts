import { compareItems } from '../../../src/shared/storage/log/keys.ts';
import { type Item, validation } from './expressions.ts';

/** What a Query asks for of a partition: the sort keys from `low` on, as long as they fit. */
export interface KeyRange {
  pk: string;
  low: string;
  fits(sk: string): boolean;
}

type Values = Record<string, string>;
type Rest = (values: Values) => Omit<KeyRange, 'pk'>;

/** The conditions that the driver speaks, by what follows `pk = :pk`. */
const rests: Record<string, { names: string[]; rest: Rest }> = {
  '': { names: [], rest: () => ({ low: '', fits: () => true }) },
  ' AND begins_with(sk, :prefix)': {
    names: [':prefix'],
    rest: ({ ':prefix': prefix = '' }) => ({ low: prefix, fits: (sk) => sk.startsWith(prefix) }),
  },
  ' AND sk >= :from': {
    names: [':from'],
    rest: ({ ':from': from = '' }) => ({ low: from, fits: () => true }),
  },
  ' AND sk BETWEEN :from AND :to': {
    names: [':from', ':to'],
    rest: ({ ':from': from = '', ':to': to = '' }) => ({
      low: from,
      fits: (sk) => compareItems(sk, to) <= 0,
    }),
  },
};

const head = 'pk = :pk';

/** Throws a ValidationException for any other condition, and for values that are missing or not used. */
export function keyRange(condition: string, values: Item): KeyRange {
  const known = condition.startsWith(head) ? rests[condition.slice(head.length)] : undefined;
  if (!known) throw validation(`the key condition ${condition}`);
  const texts = Object.fromEntries(Object.entries(values).map(([name, { S = '' }]) => [name, S]));
  const names = [':pk', ...known.names];
  const strange = [
    ...names.filter((name) => !(name in texts)),
    ...Object.keys(texts).filter((name) => !names.includes(name)),
  ];
  if (strange.length) throw validation(`${strange[0]} has no value, or is not used`);
  return { pk: texts[':pk']!, ...known.rest(texts) };
}
