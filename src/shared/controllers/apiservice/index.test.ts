import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { localApiService } from '../../kinds/apiregistration.k8s.io/v1/priorities.ts';
import type { APIService, EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { OtherServers } from '../../ports/otherServers.ts';
import type { ReconcileContext } from '../controller.ts';
import { apiServices, endpointSlices, services } from '../resources.ts';
import { apiService } from './index.ts';

const remote: APIService = {
  metadata: { name: 'v1.far.example' },
  spec: {
    group: 'far.example',
    version: 'v1',
    groupPriorityMinimum: 1,
    versionPriority: 1,
    service: { namespace: 'ns', name: 'far', port: 443 },
  },
};
const builtIn = localApiService('apps', 'v1', 'onstart');
const defined = localApiService('shallop.test', 'v1', 'true');

describe('which APIServices are looked at', () => {
  const [watch] = apiService.watches;
  test.each([
    ['one of another server', remote, false, true],
    ['one that definitions serve', defined, false, true],
    ['a built-in one', builtIn, false, false],
    ['any that is gone', builtIn, true, true],
  ])('%s', async (_, object, deleted, isLookedAt) => {
    const change = { resource: 'apiservices.apiregistration.k8s.io', deleted, client: {} as never };
    const key = { namespace: '', name: object.metadata.name };
    expect(await watch!.keys(object, object, change)).toEqual(isLookedAt ? [key] : []);
  });
});

describe('when an APIService is looked at again', () => {
  const service = {
    metadata: { namespace: 'ns', name: 'far' },
    spec: { ports: [{ name: 'https', port: 443 }] },
  } as Service;
  const sliceOf = (name: string, ready: boolean) =>
    ({
      metadata: { namespace: 'ns', labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
      ports: [{ name: 'https', port: 8443 }],
    }) as EndpointSlice;
  const answering: OtherServers = {
    send: async () => ({ status: 200, headers: [], body: (async function* () {})() }),
  } as never;

  /** Returns what a run writes and asks for. */
  async function run(slices: EndpointSlice[], otherServers?: OtherServers) {
    const written: APIService[] = [];
    const found = new Map<unknown, unknown>([
      [apiServices, remote],
      [services, service],
      [endpointSlices, slices],
    ]);
    const context = {
      clock: new ManualClock(),
      env: { ...(otherServers && { otherServers }) },
      client: {
        get: async (resource: unknown) => found.get(resource),
        list: async (resource: unknown) => found.get(resource),
        updateStatus: async (_: unknown, object: APIService) => written.push(object),
      },
    } as unknown as ReconcileContext;
    const requeue = await apiService.reconcile(
      { cluster: 'default', namespace: '', name: 'v1.far.example' },
      context,
    );
    return { requeue, reason: written[0]?.status?.conditions?.[0]?.reason };
  }

  test('never where no other server can be reached, which it says', async () => {
    expect(await run([])).toEqual({ requeue: undefined, reason: 'ServiceNotReachable' });
  });

  test('now and then while its server answers, soon while it does not', async () => {
    expect(await run([sliceOf('far', true)], answering)).toEqual({
      requeue: { requeueAfterMs: 30_000 },
      reason: 'Passed',
    });
    expect(await run([sliceOf('far', false)], answering)).toEqual({
      requeue: { requeueAfterMs: 2_000 },
      reason: 'MissingEndpoints',
    });
    expect(await run([sliceOf('other', true)], answering)).toEqual({
      requeue: { requeueAfterMs: 2_000 },
      reason: 'EndpointsNotFound',
    });
  });
});
