import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reason } from '../../src/shared/errors/reason.ts';
import type { Change, Storage, Stored } from '../../src/shared/ports/storage.ts';
import type { Subject } from './storage.ts';
import { build, key, path, pods, Reader } from './storageSupport.ts';

interface Op {
  kind: 'create' | 'update' | 'delete' | 'advance';
  where: string;
  owner: string;
  claims: string[];
  /** An update or delete of a revision that was overwritten. */
  stale: boolean;
}

const op = fc.record<Op>({
  kind: fc.constantFrom('create', 'update', 'delete', 'create', 'update', 'delete', 'advance'),
  where: fc.constantFrom('a/x', 'a/y', 'a-b/x', 'b/x', '/x'),
  owner: fc.constantFrom('u1', 'u2'),
  claims: fc.oneof(fc.constant<string[]>([]), fc.subarray(['c1', 'c2', 'c3'], { maxLength: 2 })),
  stale: fc.boolean(),
});
/** Rounds of operations; those of one round are under way together. */
const history = fc.array(fc.array(op, { minLength: 1, maxLength: 8 }), { maxLength: 8 });

/** What an object is: its revision, claims and owner. */
type State = Map<string, string>;

const lineOf = ({ revision, index: { claims = [], owners } }: Stored) =>
  `${revision} ${claims.join('+')} ${owners}`;
const claimsIn = (line = ''): string[] => line.split(' ')[1]?.split('+').filter(Boolean) ?? [];

interface Outcome {
  op: Op;
  expected?: string;
  revision?: string;
  reason?: Reason;
  /** Of a refusal for its claims. */
  held?: readonly string[];
  /** Revisions before and after the round. */
  from: number;
  to: number;
}

const isWrite = ({ kind }: Op) => kind !== 'advance';

/** Runs a round against a storage; the expected revisions are those of its beginning. */
async function run(
  storage: Storage,
  all: Op[],
  outcomes: Outcome[],
  spentBy: Subject['spentBy'],
): Promise<void> {
  const [round, advances] = [all.filter(isWrite), all.filter((op) => !isWrite(op))];
  const from = Number(await storage.head(pods.cluster, pods.resource));
  const known = new Map((await storage.list(pods)).items.map((item) => [path(item), item.revision]));
  const advanced = advances.map(() => storage.advance(pods.cluster, pods.resource, 0));
  const results = await Promise.all(
    round.map(async (op): Promise<Omit<Outcome, 'from' | 'to'>> => {
      const expected = op.stale ? '1' : (known.get(op.where) ?? '1');
      const { claims } = op;
      const index = { owners: [op.owner], ...(claims.length && { claims }) };
      const value = build(op.owner);
      const write =
        op.kind === 'create'
          ? storage.create(key(op.where), value, index)
          : op.kind === 'update'
            ? storage.update(key(op.where), expected, value, index)
            : storage.delete(key(op.where), expected, value);
      return write.then(
        ({ revision }) => ({ op, expected, revision }),
        ({ reason, claims }) => ({ op, expected, reason, held: claims }),
      );
    }),
  );
  await Promise.all(advanced);
  const to = Number(await storage.head(pods.cluster, pods.resource));
  const taken = results.filter(({ revision }) => revision).length;
  const empty = to - from - taken;
  expect(empty).toBeLessThanOrEqual(advances.length + spentBy(results.length - taken));
  // Only before the first write of all there is nothing to go on from.
  if (from > 1) expect(empty).toBeGreaterThanOrEqual(advances.length);
  outcomes.push(...results.map((result) => ({ ...result, from, to })));
}

/** The model: states by revision, from the changes alone. A revision that has none changed nothing. */
function replay(changes: Change[], head: number): State[] {
  const states: State[] = [new Map(), new Map()];
  for (const { type, object, previous } of changes) {
    while (states.length < Number(object.revision)) states.push(states.at(-1)!);
    const state: State = new Map(states.at(-1));
    expect(previous?.revision).toBe(state.get(path(object))?.split(' ')[0]);
    if (type === 'put') state.set(path(object), lineOf(object));
    else expect(state.delete(path(object))).toBe(true);
    const claims = [...state.values()].flatMap(claimsIn);
    expect(new Set(claims).size).toBe(claims.length);
    states.push(state);
  }
  while (states.length <= head) states.push(states.at(-1)!);
  return states;
}

/** Whether a refusal was true at some moment of its round. */
function justified({ op, expected, reason, held, from, to }: Outcome, states: State[]): boolean {
  return states.slice(from, to + 1).some((state) => {
    const now = state.get(op.where)?.split(' ')[0];
    if (held) {
      const others = [...state].filter(([where]) => op.kind === 'create' || where !== op.where);
      const taken = others.flatMap(([, line]) => claimsIn(line));
      return held.length > 0 && held.every((claim) => op.claims.includes(claim) && taken.includes(claim));
    }
    if (reason === 'AlreadyExists') return op.kind === 'create' && now !== undefined;
    if (reason === 'NotFound') return op.kind !== 'create' && now === undefined;
    return reason === 'Conflict' && op.kind !== 'create' && now !== undefined && now !== expected;
  });
}

async function check(storage: Storage, outcomes: Outcome[]): Promise<void> {
  const head = await storage.head(pods.cluster, pods.resource);
  const reader = new Reader(storage, '1');
  const acknowledged = outcomes.filter((o) => o.revision);
  const last = Math.max(1, ...acknowledged.map(({ revision }) => Number(revision)));
  const changes = last === 1 ? [] : await reader.until(String(last));
  reader.stop();
  const revisions = changes.map(({ object }) => Number(object.revision));
  expect(revisions).toEqual(acknowledged.map(({ revision }) => Number(revision)).sort((a, b) => a - b));
  for (const { op, revision } of acknowledged) {
    const change = changes[revisions.indexOf(Number(revision))]!;
    expect(path(change.object)).toBe(op.where);
    expect(change.previous === undefined).toBe(op.kind === 'create');
    expect(change.type === 'delete').toBe(op.kind === 'delete');
  }
  const states = replay(changes, Number(head));
  for (const o of outcomes)
    if (o.reason && !justified(o, states)) throw new Error(`unjustified ${JSON.stringify(o)}`);
  const claimed = [...(await storage.claims(pods.resource))].map(
    ([value, k]) => `${k.namespace}/${k.name} ${value}`,
  );
  const model = [...states.at(-1)!].flatMap(([where, line]) =>
    claimsIn(line).map((claim) => `${where} ${claim}`),
  );
  expect(claimed.sort()).toEqual(model.sort());
  for (let at = 1; at <= Number(head); at++) await checkLists(storage, String(at), states[at]!);
}

async function checkLists(storage: Storage, at: string, state: State): Promise<void> {
  const lines = async (scope: { namespace?: string; owner?: string }, limit: number) => {
    const lines: string[] = [];
    let page = await storage.list({ ...pods, ...scope }, { at, limit });
    for (;;) {
      lines.push(...page.items.map((i) => `${path(i)} ${lineOf(i)}`));
      if (!page.cursor) return lines;
      page = await storage.list({ ...pods, ...scope }, { cursor: page.cursor, limit });
    }
  };
  const all = [...state].map(([where, rest]) => `${where} ${rest}`);
  const model = (wanted: (line: string) => boolean) =>
    all
      .filter(wanted)
      .sort((a, b) => Buffer.compare(Buffer.from(a.replace('/', ' ')), Buffer.from(b.replace('/', ' '))));
  expect(await lines({}, 2)).toEqual(model(() => true));
  expect(await lines({ namespace: 'a' }, 0)).toEqual(model((line) => line.startsWith('a/')));
  expect(await lines({ owner: 'u1' }, 1)).toEqual(model((line) => line.endsWith(' u1')));
}

export function histories(subject: Subject): void {
  test('every history is linear: the log replays to every list, and every refusal was true', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (rounds) => {
        const storage = await subject.open();
        const outcomes: Outcome[] = [];
        for (const round of rounds) await run(storage, round, outcomes, subject.spentBy);
        await check(storage, outcomes);
        await storage.close();
      }),
      { numRuns: 60 },
    );
  });
}
