import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime } from '../../clock/clock.ts';
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
  StatefulSetSpec,
} from '../../kinds/schema/types.ts';
import { isTerminal } from '../common/pods.ts';
import { revisionLabel, revisionsOf } from '../revisions/plan.ts';
import { type Plan, plan } from './plan.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

/** Objects as the API keeps them; Pods become ready, fail and go when they are told to. */
class World {
  now = start;
  uids = 0;
  set: StatefulSet;
  pods: Pod[] = [];
  claims = new Map<string, PersistentVolumeClaim>();
  revisions: ControllerRevision[] = [];

  constructor(spec: Partial<StatefulSetSpec> = {}) {
    this.set = {
      metadata: { name: 's', namespace: 'ns', uid: 'set' },
      spec: {
        replicas: 3,
        serviceName: 's',
        selector: { matchLabels: { a: 'b' } },
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        template: template('1'),
        ...spec,
      },
    };
  }

  change(spec: Partial<StatefulSetSpec>): this {
    this.set = { ...this.set, spec: { ...this.set.spec!, ...spec } };
    return this;
  }

  plan(): Plan {
    const owner = { ...this.set, apiVersion: 'apps/v1', kind: 'StatefulSet', collisionCount: 0 };
    const found = revisionsOf({ ...owner, template: this.set.spec!.template }, this.revisions);
    const others = this.revisions.filter(({ metadata }) => metadata.name !== found.update.metadata.name);
    this.revisions = [...others, found.update];
    const { set, pods, claims, now } = this;
    return plan({ set, pods, claims, revisions: { ...found, all: this.revisions }, now });
  }

  reconcile(): Plan {
    const todo = this.plan();
    for (const { claim } of todo.createClaims) this.claims.set(claim.metadata.name!, claim);
    for (const { claim, ownerReferences } of todo.ownClaims)
      this.claims.set(claim.metadata.name!, { ...claim, metadata: { ...claim.metadata, ownerReferences } });
    for (const pod of todo.create) {
      expect(this.pods.map(({ metadata }) => metadata.name)).not.toContain(pod.metadata.name);
      const metadata = { ...pod.metadata, uid: `pod-${++this.uids}` };
      this.pods.push({ ...pod, metadata, status: { phase: 'Pending' } });
    }
    for (const pod of todo.delete) this.delete(pod);
    this.set = { ...this.set, status: todo.status };
    return todo;
  }

  delete({ metadata: { uid } }: Pod): void {
    this.edit(uid, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: formatTime(this.now) },
    }));
  }

  become(pod: Pod, phase: 'Running' | 'Failed'): void {
    if (isTerminal(pod)) return;
    const ready = phase === 'Running' ? 'True' : 'False';
    const conditions = [{ type: 'Ready', status: ready, lastTransitionTime: formatTime(this.now) }];
    this.edit(pod.metadata.uid, (now) => ({ ...now, status: { phase, conditions } }));
  }

  /** Pods that are being deleted go, and with them what they own. */
  sweep(): void {
    const gone = this.pods.filter(({ metadata }) => metadata.deletionTimestamp);
    this.pods = this.pods.filter((pod) => !gone.includes(pod));
    for (const { metadata } of gone)
      for (const [name, claim] of this.claims)
        if (claim.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid)) this.claims.delete(name);
  }

  edit(uid: string | undefined, change: (pod: Pod) => Pod): void {
    this.pods = this.pods.map((pod) => (pod.metadata.uid === uid ? change(pod) : pod));
  }

  settle(turns = 60): this {
    for (let turn = 0; turn < turns; turn++) {
      this.reconcile();
      for (const pod of this.pods) if (pod.status?.phase === 'Pending') this.become(pod, 'Running');
      this.sweep();
      this.now += 60_000;
    }
    return this;
  }

  names(of: Pod[] = this.pods): string[] {
    return of.map(({ metadata }) => metadata.name ?? '').sort();
  }
}

const template = (image: string): StatefulSetSpec['template'] => ({
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ name: 'c', image }] },
});
const imageOf = ({ spec }: Pod) => spec?.containers[0]?.image;
const claimNamed = (name: string): PersistentVolumeClaim => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'] },
});

test('of two billion Pods five hundred are made at once, then the next', () => {
  const world = new World({ replicas: 2_147_483_647, podManagementPolicy: 'Parallel' });
  expect(world.reconcile().create).toHaveLength(500);
  expect(world.reconcile().create).toHaveLength(500);
  expect(world.pods.at(-1)?.metadata.name).toBe('s-999');
  const ordered = new World({ replicas: 2_147_483_647 });
  expect(ordered.reconcile().create.map(({ metadata }) => metadata.name)).toEqual(['s-0']);
});

describe('in order', () => {
  test('a Pod is made when the one before it is ready', () => {
    const world = new World();
    expect(world.names(world.reconcile().create)).toEqual(['s-0']);
    expect(world.reconcile().create).toEqual([]);
    world.become(world.pods[0]!, 'Running');
    expect(world.names(world.reconcile().create)).toEqual(['s-1']);
  });

  test('a Pod has to have been ready for minReadySeconds', () => {
    const world = new World({ minReadySeconds: 30 });
    world.reconcile();
    world.become(world.pods[0]!, 'Running');
    const todo = world.reconcile();
    expect([todo.create, todo.requeueAfterMs]).toEqual([[], 30_000]);
  });

  test('the one with the highest number is removed first, and only from a sound set', () => {
    const world = new World().settle().change({ replicas: 1 });
    const [first] = world.pods;
    world.become(first!, 'Failed');
    expect(world.names(world.reconcile().delete)).toEqual(['s-0']);
    world.sweep();
    world.reconcile();
    world.become(world.pods.at(-1)!, 'Running');
    expect(world.names(world.reconcile().delete)).toEqual(['s-2']);
    expect(world.reconcile().delete).toEqual([]);
  });
});

test('in parallel all are made and removed at once', () => {
  const world = new World({ podManagementPolicy: 'Parallel' });
  expect(world.reconcile().create).toHaveLength(3);
  expect(world.settle().change({ replicas: 0 }).reconcile().delete).toHaveLength(3);
});

test('numbers begin where the set wants', () => {
  const world = new World({ ordinals: { start: 5 } }).settle();
  expect(world.names()).toEqual(['s-5', 's-6', 's-7']);
});

describe('a new template', () => {
  test('replaces Pods from the highest number down, one at a time', () => {
    const world = new World().settle().change({ template: template('2') });
    expect(world.names(world.reconcile().delete)).toEqual(['s-2']);
    expect(world.reconcile().delete).toEqual([]);
    world.settle();
    expect(world.pods.map(imageOf)).toEqual(['2', '2', '2']);
    expect(world.set.status?.currentRevision).toBe(world.set.status?.updateRevision);
  });

  test('does not reach Pods below the partition, also when they are made anew', () => {
    const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { partition: 2 } };
    const world = new World({ updateStrategy: strategy })
      .settle()
      .change({ template: template('2') })
      .settle();
    expect(Object.fromEntries(world.pods.map((pod) => [pod.metadata.name, imageOf(pod)]))).toEqual({
      's-0': '1',
      's-1': '1',
      's-2': '2',
    });
    world.delete(world.pods.find(({ metadata }) => metadata.name === 's-0')!);
    world.sweep();
    world.settle();
    expect(imageOf(world.pods.find(({ metadata }) => metadata.name === 's-0')!)).toBe('1');
  });

  test.each([1, 3])('goes on without a partition when Pods are gone at once, %s of them', (replicas) => {
    const updateStrategy = { type: 'RollingUpdate' as const };
    const world = new World({ replicas, updateStrategy }).settle().change({ template: template('2') });
    const made = new Set<string | undefined>();
    for (let turn = 0; turn < 20; turn++) {
      const before = new Set(world.pods.map(({ metadata }) => metadata.uid));
      // Nobody looks while one is deleted.
      for (const pod of world.settle(1).pods) if (!before.has(pod.metadata.uid)) made.add(imageOf(pod));
    }
    expect([...made]).toEqual(['2']);
    expect(world.pods.map(imageOf)).toEqual(Array(replicas).fill('2'));
  });

  test('waits for Pods to be deleted by others with OnDelete', () => {
    const world = new World({ updateStrategy: { type: 'OnDelete' } }).settle();
    expect(world.change({ template: template('2') }).reconcile().delete).toEqual([]);
    world.delete(world.pods[1]!);
    world.sweep();
    world.settle();
    expect(world.pods.map(imageOf).sort()).toEqual(['1', '1', '2']);
  });

  test('that was there before is its revision again, with a new number', () => {
    const world = new World()
      .settle()
      .change({ template: template('2') })
      .settle();
    const before = world.revisions.map(({ metadata, revision }) => [metadata.name, revision]);
    world.change({ template: template('1') }).settle();
    expect(world.revisions.map(({ metadata, revision }) => [metadata.name, revision])).toEqual([
      [before[1]![0], 2],
      [before[0]![0], 3],
    ]);
  });
});

describe('claims', () => {
  const spec = { volumeClaimTemplates: [claimNamed('d')] };
  test('are made before their Pods, and kept', () => {
    const world = new World(spec).settle().change({ replicas: 1 }).settle();
    expect([...world.claims.keys()].sort()).toEqual(['d-s-0', 'd-s-1', 'd-s-2']);
    expect(world.pods[0]?.spec?.volumes).toEqual([
      { name: 'd', persistentVolumeClaim: { claimName: 'd-s-0' } },
    ]);
  });

  test.each([
    { whenScaled: 'Delete', whenDeleted: 'Retain', left: ['d-s-0'], owner: undefined },
    { whenScaled: 'Delete', whenDeleted: 'Delete', left: ['d-s-0'], owner: 'StatefulSet' },
    { whenScaled: 'Retain', whenDeleted: 'Delete', left: ['d-s-0', 'd-s-1', 'd-s-2'], owner: 'StatefulSet' },
  ])('go with whom they are to go: $whenScaled, $whenDeleted', ({ left, owner, ...policy }) => {
    const world = new World({ ...spec, persistentVolumeClaimRetentionPolicy: policy }).settle();
    world.change({ replicas: 1 }).settle();
    expect([...world.claims.keys()].sort()).toEqual(left);
    expect(world.claims.get('d-s-0')?.metadata.ownerReferences?.[0]?.kind).toBe(owner);
  });
});

const action = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ do: 'reconcile' as const, n: 0 }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('run' as const, 'fail' as const), n: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), n: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('scale' as const, 'update' as const, 'delete' as const),
      n: fc.nat({ max: 5 }),
    }),
  },
);

test('whatever happens, in the end there are the Pods of the template, one for each number', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('OrderedReady' as const, 'Parallel' as const),
      fc.array(action, { maxLength: 50 }),
      (podManagementPolicy, actions) => {
        const world = new World({ podManagementPolicy, volumeClaimTemplates: [claimNamed('d')] });
        for (const { do: what, n } of actions) {
          const pod = world.pods[n % Math.max(1, world.pods.length)];
          if (what === 'scale') world.change({ replicas: n });
          if (what === 'update') world.change({ template: template(String(n)) });
          if (what === 'sweep') world.sweep();
          if (what === 'delete' && pod) world.delete(pod);
          if (what === 'run' && pod) world.become(pod, 'Running');
          if (what === 'fail' && pod) world.become(pod, 'Failed');
          if (what !== 'reconcile') continue;
          const todo = world.reconcile();
          if (podManagementPolicy === 'OrderedReady')
            expect(todo.create.length + todo.delete.length).toBeLessThanOrEqual(1);
        }
        world.settle(120);
        const { replicas = 0, template: wanted } = world.set.spec!;
        expect(world.names()).toEqual(Array.from({ length: replicas }, (_, i) => `s-${i}`));
        for (const pod of world.pods) expect(imageOf(pod)).toBe(wanted.spec?.containers[0]?.image);
        const { updateRevision } = world.set.status!;
        for (const { metadata } of world.pods) expect(metadata.labels?.[revisionLabel]).toBe(updateRevision);
        expect(world.set.status?.readyReplicas ?? 0).toBe(replicas);
      },
    ),
    { numRuns: 100 },
  );
});
