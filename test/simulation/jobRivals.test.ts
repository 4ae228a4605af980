import { expect, test } from '@jest/globals';
import type { Client } from '../../src/shared/client/client.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import type { ReconcileContext } from '../../src/shared/controllers/controller.ts';
import { job } from '../../src/shared/controllers/job/index.ts';
import { jobs, namespaces, pods } from '../../src/shared/controllers/resources.ts';
import type { Job } from '../../src/shared/kinds/schema/types.ts';
import { simulatedCore } from '../support/aws/simulatedCore.ts';

const clock = new ManualClock();
const key = { cluster: 'default', namespace: 'default', name: 'work' };

const work: Job = {
  metadata: { name: 'work', namespace: 'default' },
  spec: {
    completions: 2,
    parallelism: 2,
    completionMode: 'Indexed',
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'app' }] } },
  },
};

/** A run of the controller over this client. */
const run = (client: Client) =>
  job.reconcile(key, { client, clock, ids: seededIds(), events: () => {} } as unknown as ReconcileContext);

async function podsOf(client: Client): Promise<string[]> {
  return (await client.list(pods)).map(({ metadata }) => metadata.name ?? '').sort();
}

async function begun(): Promise<Client> {
  const client = simulatedCore(clock).core.clients('default');
  await client.create(namespaces, { metadata: { name: 'default' } });
  await client.create(jobs, work);
  return client;
}

test('a run that read its Job before another counted a Pod does not run that index again', async () => {
  const client = await begun();
  await run(client);
  const [first = '', second = ''] = await podsOf(client);
  const names = [first, second];
  await client.patch(pods, 'default', first, { status: { phase: 'Succeeded' } }, 'status');
  // It reads the Job; the other counts the Pod and lets go of it; it reads the Pods.
  const late: Client = {
    ...client,
    async list(resource, query) {
      await run(client);
      return client.list(resource, query);
    },
  };
  await expect(run(late)).rejects.toMatchObject({ reason: 'Conflict' });
  expect(await podsOf(client)).toEqual(names);
  expect((await client.get(jobs, 'default', 'work'))?.status?.completedIndexes).toBe('0');
});
