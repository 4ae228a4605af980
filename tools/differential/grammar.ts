/** From a base object and what may be put where: one case for each value, and some with several at once. */
import type { Case, Request } from './case.ts';

type Json = unknown;
/** By path (`spec.containers.0.image`), the values to try; `absent` removes the field. */
export type Places = Record<string, Json[]>;
export const absent = Symbol('absent');

export interface Subject {
  /** Short, as names of cases begin with it. */
  name: string;
  /** `/api/v1/namespaces/default/pods` */
  collection: string;
  base: { metadata: { name: string; labels?: Record<string, string> } } & Record<string, Json>;
}

/** POSTs with one value out of the ordinary each. */
export const creates = (subject: Subject, places: Places): Case[] =>
  singles(places).map(([path, value]) => ({
    name: `${subject.name} create ${shown(path, value)}`,
    request: { line: `POST ${subject.collection}`, body: withValue(subject.base, path, value) },
  }));

/** POSTs with two to four of them. */
export const combinations = (subject: Subject, places: Places, count: number): Case[] => {
  const random = seeded(count);
  return Array.from({ length: count }, (_, i) => {
    const chosen = pick(singles(places), 2 + (i % 3), random);
    const body = chosen.reduce(
      (object, [path, value]) => withValue(object, path, value),
      subject.base as object,
    );
    return {
      name: `${subject.name} create several ${i}`,
      request: { line: `POST ${subject.collection}`, body },
    };
  });
};

/** PUTs over the base, with one value changed. `part` is a subresource. */
export const updates = (subject: Subject, places: Places, part = ''): Case[] =>
  singles(places).map(([path, value]) => ({
    name: `${subject.name} ${part || 'update'} ${shown(path, value)}`,
    before: [create(subject)],
    request: {
      line: `PUT ${subject.collection}/${subject.base.metadata.name}${part && `/${part}`}`,
      body: withValue(subject.base, path, value),
    },
  }));

/** Merge patches over the base. */
export const patches = (subject: Subject, bodies: Json[], part = ''): Case[] =>
  bodies.map((body) => ({
    name: `${subject.name} patch ${part} ${short(JSON.stringify(body))}`,
    before: [create(subject)],
    request: { line: `PATCH ${subject.collection}/${subject.base.metadata.name}${part && `/${part}`}`, body },
  }));

/** Any requests about the base. */
export const requests = (subject: Subject, list: Request[]): Case[] =>
  list.map((request) => ({
    name: `${subject.name} ${short(request.line.replaceAll(subject.collection, '…'))} ${short(JSON.stringify(request.body ?? ''))} ${request.type ?? ''}${request.accept ?? ''}`.trim(),
    before: [create(subject)],
    request,
  }));

export const create = ({ collection, base }: Subject): Request => ({
  line: `POST ${collection}`,
  body: base,
});

export function withValue(object: object, path: string, value: Json): object {
  const copy = structuredClone(object) as Record<string, Json>;
  const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  let at = copy;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    at[key] ??= /^\d+$/.test(keys[i + 1]!) ? [] : {};
    at = at[key] as Record<string, Json>;
  }
  if (value === absent) delete at[keys.at(-1)!];
  else at[keys.at(-1)!] = value;
  return copy;
}

const singles = (places: Places): [string, Json][] =>
  Object.entries(places).flatMap(([path, values]) => values.map((value): [string, Json] => [path, value]));

const shown = (path: string, value: Json) =>
  `${path}=${value === absent ? '-' : short(JSON.stringify(value))}`;
const short = (text: string) => (text.length > 70 ? `${text.slice(0, 60)}…${hash(text)}` : text);

function hash(text: string): string {
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.codePointAt(0)!) >>> 0;
  return sum.toString(36);
}

function pick<T>(all: T[], count: number, random: () => number): T[] {
  return Array.from({ length: count }, () => all[Math.floor(random() * all.length)]!);
}

/** Numerical Recipes' generator: the same cases each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
