import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';
import { collide, hostPorts } from './plugins/nodePorts.ts';
import { allocatable, podRequests } from './resources.ts';

const nodes = (sizes: number[]): Node[] =>
  sizes.map((cpu, i) => ({
    metadata: { name: `n${i}`, labels: { host: `n${i}`, zone: `z${i % 2}` } },
    status: {
      allocatable: { cpu: String(cpu), pods: '6' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }));

interface Wish {
  cpu: number;
  priority: number;
  port: number;
  app: string;
  isApart: boolean;
  isSpread: boolean;
}

function podOf({ cpu, priority, port, app, isApart, isSpread }: Wish, i: number): Pod {
  const labelSelector = { matchLabels: { app } };
  return {
    metadata: { name: `p${i}`, namespace: 'ns', uid: `p${i}`, labels: { app } },
    spec: {
      priority,
      containers: [
        {
          name: 'c',
          resources: { requests: { cpu: String(cpu) } },
          ...(port > 0 && { ports: [{ containerPort: 1, hostPort: port }] }),
        },
      ],
      ...(isApart && {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'host', labelSelector }],
          },
        },
      }),
      ...(isSpread && {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector },
        ],
      }),
    },
  };
}

const wish = fc.record<Wish>({
  cpu: fc.integer({ min: 0, max: 3 }),
  priority: fc.integer({ min: 0, max: 2 }),
  port: fc.integer({ min: 0, max: 2 }),
  app: fc.constantFrom('a', 'b'),
  isApart: fc.boolean(),
  isSpread: fc.boolean(),
});
const history = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  batches: fc.array(fc.array(wish, { maxLength: 6 }), { minLength: 1, maxLength: 4 }),
});

/** Runs batches of new Pods, each seeing what became of those before; victims are gone by the next. */
function run(sizes: number[], batches: Wish[][]): { pods: Pod[]; there: Node[] } {
  const there = nodes(sizes);
  let pods: Pod[] = [];
  let serial = 0;
  for (const batch of batches) {
    pods = [...pods, ...batch.map((each) => podOf(each, serial++))];
    const { bind, evict, unschedulable } = plan(pods, there);
    const places = new Map(bind.map(({ pod, node }) => [pod, node]));
    const gone = new Set(evict.map(({ victim }) => victim));
    const promised = new Map(unschedulable.map(({ pod, nominate }) => [pod, nominate]));
    // Nobody is in two minds about a Pod.
    expect(places.size + unschedulable.length).toBe(pods.filter(({ spec }) => !spec?.nodeName).length);
    expect([...gone].every((pod) => pod.spec?.nodeName || places.has(pod))).toBe(true);
    pods = pods
      .filter((pod) => !gone.has(pod))
      .map((pod) => {
        const nodeName = places.get(pod);
        if (nodeName) return { ...pod, spec: { ...pod.spec!, nodeName } };
        const nominatedNodeName = promised.get(pod);
        return nominatedNodeName ? { ...pod, status: { nominatedNodeName } } : pod;
      });
  }
  return { pods, there };
}

test('no Node gets more than it has, no port twice, and Pods that want to be apart are', () => {
  fc.assert(
    fc.property(history, ({ sizes, batches }) => {
      const { pods, there } = run(sizes, batches);
      for (const node of there) {
        const here = pods.filter(({ spec }) => spec?.nodeName === node.metadata.name);
        for (const [name, has] of Object.entries(allocatable(node))) {
          const used = here.reduce((sum, pod) => sum + (podRequests(pod)[name] ?? 0), 0);
          expect(used).toBeLessThanOrEqual(has);
        }
        const ports = here.flatMap(hostPorts);
        expect(ports.filter((a, i) => ports.slice(i + 1).some((b) => collide(a, b)))).toEqual([]);
        for (const pod of here.filter(({ spec }) => spec?.affinity))
          expect(here.filter(({ metadata }) => metadata.labels?.app === pod.metadata.labels?.app)).toEqual([
            pod,
          ]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a second look at what has settled binds nobody more', () => {
  fc.assert(
    fc.property(history, ({ sizes, batches }) => {
      const { pods, there } = run(sizes, batches);
      const { bind, evict } = plan(pods, there);
      const waiting = pods.filter(({ spec }) => !spec?.nodeName);
      const bound = new Set(bind.map(({ pod }) => pod));
      // What nobody promised and nothing displaces stays as it is when looked at again.
      if (evict.length > 0 || waiting.some(({ status }) => status?.nominatedNodeName)) return;
      const again = pods.map((pod) => {
        const nodeName = bind.find((each) => each.pod === pod)?.node;
        return nodeName ? { ...pod, spec: { ...pod.spec!, nodeName } } : pod;
      });
      expect(plan(again, there).bind).toEqual([]);
      expect(bound.size).toBeLessThanOrEqual(waiting.length);
    }),
    { numRuns: 200 },
  );
});
