import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { judge, judgeInTurn } from './judge.ts';

const node: Node = {
  metadata: { name: 'n' },
  status: { allocatable: { cpu: '4', memory: '4', pods: '5' } },
};

interface Wish {
  cpu: number;
  memory: number;
  hostPort: number;
  age: number;
  isCritical: boolean;
  state: 'waits' | 'runs' | 'started' | 'resizes' | 'misplaced';
}

const wish = fc.record<Wish>({
  cpu: fc.integer({ min: 0, max: 5 }),
  memory: fc.integer({ min: 0, max: 3 }),
  hostPort: fc.integer({ min: 0, max: 2 }),
  age: fc.integer({ min: 0, max: 3 }),
  isCritical: fc.boolean(),
  state: fc.constantFrom('waits', 'runs', 'started', 'resizes', 'misplaced'),
});

function podOf({ cpu, memory, hostPort, age, isCritical, state }: Wish, i: number): Pod {
  const requests = { cpu: String(cpu), memory: String(memory) };
  return {
    metadata: { name: `p${i}`, uid: `p${i}`, creationTimestamp: `2026-01-01T00:00:0${age}Z` },
    spec: {
      nodeName: 'n',
      ...(isCritical && { priority: 2_000_000_000 }),
      ...(state === 'misplaced' && { nodeSelector: { zone: 'b' } }),
      containers: [
        {
          name: 'c',
          resources: { requests },
          ...(hostPort > 0 && { ports: [{ containerPort: 1, hostPort }] }),
        },
      ],
    },
    status: {
      ...((state === 'started' || state === 'resizes') && { startTime: '2026-01-01T00:00:09Z' }),
      ...(state === 'resizes' && {
        conditions: [{ type: 'PodResizePending', status: 'True' }],
        containerStatuses: [{ name: 'c', resources: { requests: { cpu: '1' } } }] as never,
      }),
    },
  };
}

test('the verdict is the same as when all that wait are judged in turn, whoever asks', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 7 }), (wishes) => {
      const all = wishes.map(podOf);
      const running = new Set(all.filter((_, i) => wishes[i]?.state === 'runs').map((p) => p.metadata.uid!));
      for (const [i, pod] of all.entries()) {
        if (wishes[i]?.state !== 'waits' && wishes[i]?.state !== 'misplaced') continue;
        const others = all.filter((other) => other !== pod);
        const verdict = judge(pod, node, all, running);
        expect(verdict).toEqual(judgeInTurn(pod, node, others, running));
        seen.add(verdict.rejection?.reason ?? (verdict.leaving ? 'leaving' : 'taken'));
      }
    }),
    { numRuns: 500 },
  );
  // The histories reach what can become of a Pod.
  expect([...seen]).toEqual(expect.arrayContaining(['taken', 'leaving', 'OutOfcpu', 'NodePorts']));
});

test('who fits beside everybody is taken without a verdict on those that wait', () => {
  const wait = (i: number) => podOf({ ...idle, age: 0 }, i);
  const all = Array.from({ length: 3 }, (_, i) => wait(i));
  let looks = 0;
  // A verdict looks at the spec's system first; what a Pod counts is looked at without it.
  const watched = all.slice(1).map((pod) => ({
    ...pod,
    spec: Object.defineProperty({ ...pod.spec! }, 'os', { get: () => void looks++ }),
  }));
  expect(judge(wait(9), node, watched)).toEqual({});
  expect(looks).toBe(0);
});

const idle: Wish = { cpu: 0, memory: 0, hostPort: 0, age: 0, isCritical: false, state: 'waits' };
