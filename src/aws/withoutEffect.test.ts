import { beforeAll, expect, test } from '@jest/globals';
import { simulatedCore } from '../../test/support/aws/simulatedCore.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { bootstrap } from '../shared/controllers/logicalcluster/bootstrap.ts';

const { core } = simulatedCore(systemClock);
const sleeping = simulatedCore(systemClock, {
  config: { deployment: 'test', table: 'shallop', scalesToZero: true },
}).core;
beforeAll(() => bootstrap(core.clients('default'), { env: core.environment, clock: systemClock }, true));

/** Sends an object as a client of the API; answers the status and the warnings. */
async function send(method: 'POST' | 'PATCH', target: string, object: object, { handle } = core) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const { status, headers = {} } = await handle({
    method,
    target,
    header: (name) => (name === 'content-type' ? type : undefined),
    headersBeginning: () => [],
    body: async () => Buffer.from(JSON.stringify(object)),
    peer: { address: 'test', internal: { user: 'test', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  });
  return { status, warning: [headers.warning ?? []].flat() };
}

const named = (apiVersion: string, kind: string, spec: object, name = 'mine') => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});

test.each([
  [
    'FlowSchema',
    '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
    named('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', {
      priorityLevelConfiguration: { name: 'exempt' },
    }),
  ],
  [
    'PriorityLevelConfiguration',
    '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
    named('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration', {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } },
    }),
  ],
  [
    'ServiceCIDR',
    '/apis/networking.k8s.io/v1/servicecidrs',
    named('networking.k8s.io/v1', 'ServiceCIDR', { cidrs: ['10.97.0.0/16'] }),
  ],
  [
    'IPAddress',
    '/apis/networking.k8s.io/v1/ipaddresses',
    named(
      'networking.k8s.io/v1',
      'IPAddress',
      { parentRef: { resource: 'services', namespace: 'default', name: 'kubernetes' } },
      '10.97.0.9',
    ),
  ],
  [
    'NetworkPolicy',
    '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
    named('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {} }),
  ],
])('a %s that is created has a warning that it does nothing on AWS', async (kind, target, object) => {
  const { status, warning } = await send('POST', target, object);
  expect(status).toBe(201);
  expect(warning).toEqual([expect.stringMatching(new RegExp(`^299 .* "${kind} .* on AWS: `))]);
});

test('what has an effect has none', async () => {
  const target = '/api/v1/namespaces/default/configmaps';
  const { status, warning } = await send('POST', target, named('v1', 'ConfigMap', {}));
  expect([status, warning.filter((text) => text.includes('AWS'))]).toEqual([201, []]);
});

test('who asks for sleep is told where nothing sleeps, once', async () => {
  const annotations = { 'shallop.dev/scale-to-zero-after': '5m' };
  const web = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', annotations },
    spec: { ports: [{ port: 80 }] },
  };
  const target = '/api/v1/namespaces/default/services';
  const told = [
    expect.stringMatching(/^299 .*scale-to-zero-after has no effect: .* without -c scaleToZero=true/),
  ];
  expect(await send('POST', target, web)).toEqual({ status: 201, warning: told });
  const labelled = { metadata: { labels: { a: 'b' } } };
  expect(await send('PATCH', `${target}/web`, labelled)).toEqual({ status: 200, warning: [] });
  const sooner = { metadata: { annotations: { 'shallop.dev/scale-to-zero-after': '1m' } } };
  expect(await send('PATCH', `${target}/web`, sooner)).toEqual({ status: 200, warning: told });
  const client = sleeping.clients('default');
  await bootstrap(client, { env: sleeping.environment, clock: systemClock }, true);
  expect(await send('POST', target, web, sleeping)).toEqual({ status: 201, warning: [] });
});
