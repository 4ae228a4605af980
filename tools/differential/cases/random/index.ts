/** Definitions and objects of them that are made at random, the same at each run. */
import type { Case, Request } from '../../case.ts';
import type { Subject } from '../../grammar.ts';
import { type Dice, dice } from './dice.ts';
import { mistaken } from './mistakes.ts';
import { object, type Schema } from './schemas.ts';
import { valueFor } from './values.ts';

const group = 'random.example.com';
const definitions = 'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const schemaNumbered = (seed: number): Schema => object(dice(seed), 3);

function definition(seed: number, plural: string, spec: Schema): object {
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind: `Random${seed}` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** A definition with a mistake or without one, of which nothing is kept. */
export function randomDefinition(seed: number): Case {
  const spec = schemaNumbered(seed);
  const throws = dice(seed + 10_000);
  return {
    name: `definition ${seed}`,
    isUnordered: true,
    request: {
      line: `${definitions}?dryRun=All`,
      body: definition(seed, 'randoms', throws.once(6) ? spec : mistaken(throws, spec)),
    },
  };
}

export const randomDefinitions: Case[] = numbers(600).map(randomDefinition);

/** Those of the first schemas that a real server takes, which are there before the first case. */
const refused: readonly number[] = [4, 8, 9, 11, 15, 16, 17, 21, 23, 25, 31, 35];
const seeds = numbers(40).filter((seed) => !refused.includes(seed));

export const standingRandom = (seed: number): Request => ({
  line: definitions,
  body: definition(seed, `random${seed}s`, schemaNumbered(seed)),
});

export const standingRandoms: Request[] = seeds.map(standingRandom);

const subject = (seed: number, spec: unknown): Subject => ({
  name: `random ${seed}`,
  collection: `/apis/${group}/v1/namespaces/default/random${seed}s`,
  base: { apiVersion: `${group}/v1`, kind: `Random${seed}`, metadata: { name: 'x' }, spec },
});

const post = ({ collection, base }: Subject, query = ''): Request => ({
  line: `POST ${collection}${query}`,
  body: base,
});

export const randomObjects: Case[] = seeds.flatMap((seed) => objectsOf(seed));

/** Objects of one definition that are created, replaced, patched and applied, some with strict fields. */
export function objectsOf(seed: number): Case[] {
  const schema = schemaNumbered(seed);
  const throws = dice(seed + 20_000);
  return [
    ...numbers(16).map((n) => ({
      name: `random ${seed} create ${n}`,
      isUnordered: true as const,
      request: post(
        subject(seed, valueFor(throws, schema)),
        throws.once(4) ? '?fieldValidation=Strict' : throws.once(4) ? '?fieldValidation=Warn' : '',
      ),
    })),
    ...numbers(14).map((n) => change(`random ${seed} change ${n}`, seed, schema, throws)),
  ];
}

/** A change of an object that a server may have refused before: then the change is answered by 404. */
function change(name: string, seed: number, schema: Schema, throws: Dice): Case {
  const before = subject(seed, valueFor(throws, schema));
  const after = subject(seed, valueFor(throws, schema));
  const { collection, base } = after;
  const kinds: Request[] = [
    { line: `PUT ${collection}/x`, body: base },
    { line: `PATCH ${collection}/x`, body: { spec: base.spec } },
    {
      line: `PATCH ${collection}/x`,
      type: 'application/json-patch+json',
      body: jsonPatch(throws, base.spec),
    },
    {
      line: `PATCH ${collection}/x?fieldManager=m&force=true`,
      type: 'application/apply-patch+yaml',
      body: base,
    },
  ];
  return {
    name,
    isUnordered: true,
    before: [{ ...post(before), mayFail: true }],
    request: throws.one(kinds),
  };
}

function jsonPatch(throws: Dice, value: unknown): object[] {
  return [
    throws.one<object>([
      { op: 'replace', path: '/spec', value },
      { op: 'add', path: '/spec/a', value: throws.one<unknown>([1, 'x', null, {}, []]) },
      { op: 'remove', path: '/spec/b' },
      { op: 'test', path: '/spec/a', value: 'x' },
    ]),
  ];
}
