import { configMap, core, pod, type Subject } from './bench.ts';
import { type Custom, defineKinds, gadgets, pathOf, widgets } from './custom.ts';
import { type Answer, measure } from './load.ts';

/** A kind of request that is measured, so many at a time. */
export interface Request {
  what: string;
  clients: number;
  /** How many are sent in a full run. */
  count: number;
  send(index: number): Promise<Answer>;
}

const merge = 'application/merge-patch+json';
const counts: Record<number, number> = { 1: 1500, 16: 5000 };
/** Objects of each kind that are read and changed. */
const warm = 200;

/** Creates what the requests are about, and returns which kinds of our own the server takes. */
export async function prepareObjects(subject: Subject): Promise<readonly Custom[]> {
  const { client, id } = subject;
  await measure(warm, 4, (i) => client.call('POST', `${core}/configmaps`, configMap(`warm-${id}-${i}`)));
  const kinds = (await defineKinds(subject)) ? [widgets, gadgets] : [];
  for (const kind of kinds)
    await measure(warm, 4, (i) => client.call('POST', pathOf(kind), kind.object(`warm-${id}-${i}`)));
  return kinds;
}

/** Every kind of request, in the order in which they are measured. `round` keeps the names of several rounds apart. */
export const requestsOf = (subject: Subject, kinds: readonly Custom[], round = ''): Request[] => [
  ...[1, 16].flatMap((clients) => ofConfigMaps(subject, clients, round)),
  ofPods(subject, round),
  ...kinds.flatMap((kind) => ofCustom(subject, kind, round)),
];

function ofConfigMaps({ client, id }: Subject, clients: number, round: string): Request[] {
  const one = (i: number) => `${core}/configmaps/warm-${id}-${i % warm}`;
  const ofEach = { clients, count: counts[clients]! };
  return [
    {
      what: `create ConfigMap 1 KB ×${clients}`,
      ...ofEach,
      send: (i) => client.call('POST', `${core}/configmaps`, configMap(`c${clients}-${id}${round}-${i}`)),
    },
    { what: `GET ConfigMap ×${clients}`, ...ofEach, send: (i) => client.call('GET', one(i)) },
    {
      what: `merge PATCH ConfigMap ×${clients}`,
      ...ofEach,
      send: (i) => client.call('PATCH', one(i), { data: { k: `${clients}-${round}-${i}` } }, merge),
    },
  ];
}

const ofPods = ({ client, id }: Subject, round: string): Request => ({
  what: 'create Pod ×16',
  clients: 16,
  count: counts[16]!,
  send: (i) => client.call('POST', `${core}/pods`, pod(`p-${id}${round}-${i}`)),
});

function ofCustom({ client, id }: Subject, kind: Custom, round: string): Request[] {
  const one = (i: number) => `${pathOf(kind)}/warm-${id}-${i % warm}`;
  const ofEach = { clients: 16, count: counts[16]! };
  return [
    {
      what: `create ${kind.what} ×16`,
      ...ofEach,
      send: (i) => client.call('POST', pathOf(kind), kind.object(`c-${id}${round}-${i}`)),
    },
    { what: `GET ${kind.what} ×16`, ...ofEach, send: (i) => client.call('GET', one(i)) },
    {
      what: `merge PATCH ${kind.what} ×16`,
      ...ofEach,
      send: (i) =>
        client.call('PATCH', one(i), { spec: { size: 1 + (i % 90), note: `${round}-${i}` } }, merge),
    },
    {
      what: `LIST 500 ${kind.what} ×1`,
      clients: 1,
      count: 100,
      send: () => client.call('GET', `${pathOf(kind)}?limit=500`, undefined, undefined, false),
    },
  ];
}
