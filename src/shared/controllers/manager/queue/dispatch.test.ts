import { expect, test } from '@jest/globals';
import { openFakes, scripted } from '../../../../../test/support/aws/queueFakes.ts';
import { ApiError } from '../../../errors/apiError.ts';
import { silentLogger } from '../../../observability/logger.ts';
import { keyOf, watching } from '../../controller.ts';
import { pods, services } from '../../resources.ts';
import { dispatch } from './index.ts';

const gone = new ApiError('NotFound', 'logicalclusters.shallop.dev "red" not found', {
  details: { group: 'shallop.dev', kind: 'logicalclusters', name: 'red' },
});
/** Asks what else there is of a Service's namespace, as APIServices do. */
const asking = scripted('asking', () => undefined, {
  watches: [
    watching({
      resource: services,
      keys: async (_object, _old, { client }) => (await client.list(pods)).map(keyOf),
    }),
  ],
});
const plain = scripted('plain', () => undefined, {
  watches: [watching({ resource: services, keys: (object) => [keyOf(object)] })],
});

function dispatched(failure: Error) {
  const { clients, queues, sent } = openFakes([asking, plain]);
  const value = Buffer.from(JSON.stringify({ metadata: { namespace: 'ns', name: 's' } }));
  const key = { cluster: 'red', resource: 'services', namespace: 'ns', name: 's' };
  const change = { type: 'put' as const, object: { key, value, revision: '1' } };
  const failing = (cluster: string) => ({
    ...clients(cluster),
    list: async () => {
      throw failure;
    },
  });
  const deps = { controllers: [asking, plain], clients: failing as never, queues, log: silentLogger };
  return { sent, left: dispatch([{ change: change as never, at: 1 }], deps) };
}

test('a change of a logical cluster that is gone does not come for ever, and wakes those who need not ask', async () => {
  const { sent, left } = dispatched(gone);
  expect(await left).toEqual([]);
  expect(sent.map(({ work }) => work.controller)).toEqual(['plain']);
});

test('a change whose keys cannot be found out for another reason comes again', async () => {
  expect(await dispatched(new ApiError('NotFound', 'the server could not find it')).left).toEqual([0]);
});
