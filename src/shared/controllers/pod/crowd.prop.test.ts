import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { Crowd } from './crowd.ts';
import { judgeInTurn } from './judge.ts';

const nodes: Node[] = ['n', 'm'].map((name) => ({
  metadata: { name },
  status: { allocatable: { cpu: '4', pods: '4' } },
}));

interface Wish {
  uid: number;
  cpu: number;
  hostPort: number;
  nodeName: string;
  isOver: boolean;
}

const wish = fc.record<Wish>({
  uid: fc.integer({ min: 0, max: 6 }),
  cpu: fc.integer({ min: 0, max: 3 }),
  hostPort: fc.integer({ min: 0, max: 2 }),
  nodeName: fc.constantFrom('n', 'n', 'm', ''),
  isOver: fc.boolean(),
});

const podOf = ({ uid, cpu, hostPort, nodeName, isOver }: Wish): Pod => ({
  metadata: { name: `${uid}`, uid: `${uid}` },
  spec: {
    nodeName,
    containers: [
      {
        name: 'c',
        image: 'i',
        resources: { requests: { cpu: `${cpu}` } },
        ...(hostPort > 0 && { ports: [{ containerPort: 1, hostPort }] }),
      },
    ],
  },
  // Those that have started count, whoever is older.
  status: { phase: isOver ? 'Succeeded' : 'Running', startTime: '2026-01-01T00:00:00Z' },
});

/** One Pod comes, changes, or goes. */
const step = fc.record({ wish, goes: fc.boolean() });

test('whatever comes and goes, there is room for whom a node takes beside all others', () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), wish, (steps, asked) => {
      const crowd = new Crowd();
      const present = new Map<number, Pod>();
      for (const { wish: next, goes } of steps) {
        if (goes) present.delete(next.uid);
        else present.set(next.uid, podOf(next));
        const all = [...present.values()];
        crowd.become(all);
        for (const node of nodes) {
          const pod = podOf({ ...asked, nodeName: node.metadata.name! });
          const here = all.filter(
            ({ metadata, spec, status }) =>
              spec?.nodeName === node.metadata.name &&
              metadata.uid !== pod.metadata.uid &&
              status?.phase === 'Running',
          );
          const { rejection, leaving } = judgeInTurn(pod, node, here, new Set());
          const isFree = !rejection && !leaving;
          expect(crowd.hasRoomFor(pod, node)).toBe(isFree);
          seen.add(isFree);
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(seen.size).toBe(2);
});
