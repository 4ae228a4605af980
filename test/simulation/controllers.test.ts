import { expect, test } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { deployments, pods, replicaSets } from '../../src/shared/controllers/resources.ts';
import { createFakePods, type FakePods } from '../../src/shared/fake/pods.ts';
import { createWorld, deploymentOf, eventually } from '../support/controllers/world.ts';

/** Random trouble by seed; whatever happens, in the end there is what was asked for, and nothing else. */
test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i converges without surplus and without leaks', async (seed) => {
  const random = seededIds(seed).random;
  const pick = (n: number) => Math.floor(random() * n);
  const clock = new ManualClock();
  const runtime = unreliable(createFakePods({ clock }), random);
  const { client, manager, storage } = createWorld({ clock, seed, runtime });
  await manager.start();
  const names = ['a', 'b', 'c'];
  for (const name of names) await client.create(deployments, deploymentOf(name, 1 + pick(5)));

  for (let step = 0; step < 60; step++) {
    const name = names[pick(3)]!;
    const all = await client.list(pods);
    const pod = all[pick(all.length)];
    const there = await client.get(deployments, 'default', name);
    try {
      switch (pick(8)) {
        case 0:
          if (there) await client.patch(deployments, 'default', name, { spec: { replicas: pick(7) } });
          break;
        case 1:
          if (there)
            await client.patch(deployments, 'default', name, {
              spec: { template: { spec: { containers: [{ name: 'c', image: `app:${pick(3)}` }] } } },
            });
          break;
        case 2:
          if (pod) await client.delete(pods, 'default', pod.metadata.name ?? '', { gracePeriodSeconds: 0 });
          break;
        case 3:
          if (pod) await client.delete(pods, 'default', pod.metadata.name ?? '');
          break;
        case 4: {
          const [ref] = (await runtime.list()).slice(pick(5));
          if (ref && (await runtime.observe(ref))?.containerStatuses[0]?.state?.running)
            runtime.crash(ref, 'c', 1);
          break;
        }
        case 5:
          if (pick(3) === 0 && there) await client.delete(deployments, 'default', name);
          else if (!there) await client.create(deployments, deploymentOf(name, pick(5)));
          break;
        case 6:
          runtime.failNextEnsure(new Error('no room'), pick(3));
          break;
        default:
          await clock.advance(pick(3000));
      }
    } catch (error) {
      // A rival write came first, or the object is gone: the client of a real server sees the same.
      expect(['Conflict', 'NotFound', 'AlreadyExists']).toContain((error as { reason?: string }).reason);
    }
    for (let turn = pick(20); turn > 0; turn--) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  await eventually(async () => {
    await clock.advance(30_000);
    const wanted = await client.list(deployments);
    const all = await client.list(pods);
    const sum = wanted.reduce((n, d) => n + (d.spec?.replicas ?? 0), 0);
    const settled = wanted.every(
      (d) =>
        (d.status?.availableReplicas ?? 0) === d.spec?.replicas &&
        (d.status?.updatedReplicas ?? 0) === d.spec?.replicas &&
        d.status?.observedGeneration === d.metadata.generation,
    );
    return settled && all.length === sum && (await runtime.list()).length === sum;
  }, 400);

  const owners = new Set((await client.list(deployments)).map((d) => d.metadata.uid));
  for (const rs of await client.list(replicaSets))
    expect(owners).toContain(rs.metadata.ownerReferences?.[0]?.uid);
  await manager.stop();
  await storage.close();
});

/** Some of what the runtime says is lost, some is said twice: only the resync finds what was lost. */
const unreliable = (runtime: FakePods, random: () => number): FakePods => ({
  ...runtime,
  async *changes(signal) {
    for await (const ref of runtime.changes(signal)) {
      if (random() < 0.2) continue;
      yield ref;
      if (random() < 0.2) yield ref;
    }
  },
});
