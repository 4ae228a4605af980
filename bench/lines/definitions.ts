import { kinds } from '../../src/shared/kinds/registry.ts';
import { type Ref, typeOf } from '../../src/shared/kinds/schema/facts.ts';
import { residentMiB } from '../../test/support/process.ts';
import type { Figure } from '../bench.ts';
import { LoadClient, measure, median, pause } from '../load.ts';
import type { Opponent } from '../realPair.ts';

type Schema = Record<string, unknown>;
const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/**
 * What a control plane takes with a thousand definitions as large as those of charts: their creation, another start, and
 * what clients ask first. `again` starts the control plane once more, at another port.
 */
export async function definitions(
  first: Opponent,
  again: () => Promise<Opponent>,
  scale: number,
): Promise<Figure[]> {
  const count = Math.round(1_000 * scale);
  const made = Array.from({ length: count }, (_, i) => definition(i));
  const bytes = made.reduce((sum, own) => sum + JSON.stringify(own).length, 0);
  const client = new LoadClient(first.kubeconfig);
  const created = await measure(count, 4, (i) => client.call('POST', definitionsPath, made[i]!));
  const served = await servedAfterMs(client, count);
  const before = residentOf(first);
  client.close();
  const second = await again();
  const afterStart = residentOf(second);
  const found = await asClientsAsk(second, count);
  return [
    {
      what: `creations of ${count} definitions ×4`,
      measured: created.perSecond,
      unit: '/s',
      note: `${Math.round(bytes / 2 ** 20)} MiB of them, ${created.failed} failed`,
    },
    {
      what: 'a definition served after its creation',
      measured: served,
      unit: 'ms',
      goal: { atMost: 50 },
      note: 'median of 21, creation and first list',
    },
    {
      what: `RSS with ${count} definitions`,
      measured: before,
      unit: 'MiB',
      goal: { atMost: 500 },
    },
    {
      what: `ready with ${count} definitions`,
      measured: Number((second.readyMs / 1000).toFixed(2)),
      unit: 's',
      goal: { atMost: 1.5 },
    },
    { what: 'RSS after that start', measured: afterStart, unit: 'MiB', goal: { atMost: 500 } },
    ...found,
    { what: 'RSS after discovery and OpenAPI', measured: residentOf(second), unit: 'MiB' },
  ];
}

const residentOf = ({ pids }: Opponent): number => pids.reduce((sum, pid) => sum + residentMiB(pid), 0);

async function servedAfterMs(client: LoadClient, first: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const own = definition(first + i);
    const started = performance.now();
    await client.call('POST', definitionsPath, own);
    const path = `/apis/${own.spec.group}/v1/${own.spec.names.plural}`;
    while ((await client.call('GET', path)).status !== 200);
    times.push(performance.now() - started);
  }
  return median(times);
}

const patienceMs = 600_000;

/** What kubectl and client libraries ask of a server that has just started, until it tells of every definition. */
async function asClientsAsk({ kubeconfig }: Opponent, count: number): Promise<Figure[]> {
  const client = new LoadClient(kubeconfig);
  const { group, names } = definition(0).spec;
  const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const different = (text: string, pattern: RegExp) => new Set(text.match(pattern)).size;
  const kindsIn = (text: string) => different(text, /"kind":\s?"Thing\d+"/g);
  const listsIn = (text: string) => different(text, /\.Thing\d+List":/g);
  const asked: [what: string, path: string, accept: string, isWhole: (text: string) => boolean][] = [
    ['discovery, aggregated', '/apis', aggregated, (text) => kindsIn(text) >= count],
    [
      'OpenAPI v3 of one group',
      `/openapi/v3/apis/${group}/v1`,
      'application/json',
      (text) => text.includes(names.kind),
    ],
    ['OpenAPI v2, all of it', '/openapi/v2', 'application/json', (text) => listsIn(text) >= count],
  ];
  const figures: Figure[] = [];
  for (const [what, path, accept, isWhole] of asked) {
    const ask = () => client.call('GET', path, undefined, undefined, true, accept);
    const began = performance.now();
    let answer = await ask();
    while (answer.status !== 200 || !isWhole(answer.text)) {
      if (performance.now() - began > patienceMs) throw new Error(`${what}: ${answer.status}, not whole`);
      await pause(50);
      answer = await ask();
    }
    const first = performance.now() - began;
    const then = performance.now();
    const { bytes } = await ask();
    figures.push({
      what: `${what}, first asked until whole`,
      measured: Math.round(first),
      unit: 'ms',
      note: `again ${Math.round(performance.now() - then)} ms, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
    });
  }
  client.close();
  return figures;
}

const subjects = kinds.flatMap(({ schema, virtual }) => (schema.goType && !virtual ? [schema.goType] : []));

/** A definition whose objects look like those of a kind of Kubernetes, a few groups with some kinds each. */
export function definition(index: number) {
  const group = `g${Math.floor(index / 8)}.bench.example.com`;
  const kind = `Thing${index}`;
  const plural = `thing${index}s`;
  const { properties } = schemaOf(subjects[index % subjects.length]!, 9) as { properties: Schema };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: plural.slice(0, -1), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
          schema: {
            openAPIV3Schema: { type: 'object', properties: { ...properties, metadata: { type: 'object' } } },
          },
        },
      ],
    },
  };
}

const words =
  'What this field means to the controller, and which values it takes; more in the documentation. ';

/** A type as controller-gen writes it, down to some depth. */
function schemaOf(typeName: string, depth: number): Schema {
  const type = typeOf(typeName);
  if (type.isList) return { type: 'array', items: { type: 'string' } };
  const properties = Object.fromEntries(
    type.fields.map(({ name, ref }) => [
      name,
      { description: `${name}: ${words}`, ...refSchema(ref, depth) },
    ]),
  );
  return { type: 'object', properties };
}

function refSchema(ref: Ref, depth: number): Schema {
  switch (ref.is) {
    case 'list':
      return { type: 'array', items: refSchema(ref.of, depth - 1) };
    case 'map':
      return { type: 'object', additionalProperties: refSchema(ref.of, depth - 1) };
    case 'struct':
      return depth > 0
        ? schemaOf(ref.name, depth - 1)
        : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'special':
      return ref.name === 'IntOrString' || ref.name === 'Quantity'
        ? { 'x-kubernetes-int-or-string': true }
        : ref.name === 'Time' || ref.name === 'MicroTime'
          ? { type: 'string', format: 'date-time' }
          : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'enum':
      return { type: 'string' };
    case 'scalar':
      return {
        type:
          ref.name === 'bool'
            ? 'boolean'
            : /int/.test(ref.name)
              ? 'integer'
              : ref.name === 'float64'
                ? 'number'
                : 'string',
      };
  }
}
