import { expect, test } from '@jest/globals';
import { closeWorld, createWorld, eventually } from '../../../../test/support/controllers/world.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { endpoints } from '../resources.ts';

test('Endpoints that came as their Service went go too; those of others stay', async () => {
  const world = createWorld({ clock: new ManualClock(), seed: 1 });
  const { client, manager } = world;
  await manager.start();
  const make = (name: string, labels: Record<string, string>) =>
    client.create(endpoints, { metadata: { namespace: 'default', name, labels } });
  await make('theirs', {});
  await make('late', { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  await eventually(async () => !(await client.get(endpoints, 'default', 'late')));
  expect(await client.get(endpoints, 'default', 'theirs')).toBeDefined();
  await closeWorld(world);
});
