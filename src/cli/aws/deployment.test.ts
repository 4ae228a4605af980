import { expect, test } from '@jest/globals';
import { total } from '../../aws/prices/month.ts';
import { statusOf } from './awsStatus.ts';
import { deploymentState } from './deployment.ts';
import { statusLines } from './statusLines.ts';

const pod = (nodeName: string, phase: string, cpu = '250m') => ({
  metadata: { name: 'p' },
  spec: { nodeName, containers: [{ name: 'c', resources: { requests: { cpu, memory: '512Mi' } } }] },
  status: { phase },
});
const balanced = (hostname: string) => ({ status: { loadBalancer: { ingress: [{ hostname }] } } });

const answers: Record<string, object | string> = {
  '/readyz': 'ok',
  '/version': { gitVersion: 'v1.35.4' },
  '/api/v1/pods?limit=500': {
    metadata: { continue: 'a b' },
    items: [pod('fargate-us-east-1a', 'Running'), pod('fargate-spot-us-east-1a-arm64', 'Running', '300m')],
  },
  '/api/v1/pods?limit=500&continue=a%20b': {
    items: [pod('', 'Pending'), pod('fargate-us-east-1a', 'Succeeded')],
  },
  '/api/v1/services?limit=500': {
    items: [balanced('one'), balanced('two'), { status: { loadBalancer: {} } }],
  },
  '/apis/networking.k8s.io/v1/ingresses?limit=500': { items: [balanced('shared'), balanced('shared')] },
};
const ask = async (path: string) => {
  const found = answers[path];
  return found === undefined
    ? { status: 403, body: JSON.stringify({ message: `${path} is forbidden` }) }
    : { status: 200, body: typeof found === 'string' ? found : JSON.stringify(found) };
};

test('D7: what runs now is counted as tasks, with its addresses and load balancers', async () => {
  const state = await deploymentState({ ask, nat: 'none', zones: 2 });
  expect(state).toMatchObject({
    version: 'v1.35.4',
    pods: { running: 2, waiting: 1, spot: 1, cpu: 0.75, spotCpu: 0.5, gigabytes: 1.5 },
    loadBalancers: 3,
  });
  expect(state.problem).toBeUndefined();
  expect(state.month.addresses).toBeCloseTo(2 * 3.65, 2);
  expect(state.month.loadBalancers).toBeCloseTo(3 * (16.43 + 7.3), 1);
  const target = {
    name: 'dev',
    region: 'us-east-1',
    endpoint: 'https://e/k8s',
    clusterId: 'c',
    nat: 'none' as const,
  };
  const why = 'no rights';
  const quotas = { onDemand: { why }, spot: { why }, executions: { why } };
  const figures = { health: { why }, tasks: { why }, usage: { why }, quotas };
  const lines = statusLines(target, statusOf('dev', state, figures));
  expect(lines[1]).toBe('ready         yes');
  expect(lines[2]).toMatch(/^versions .*; Kubernetes v1\.35\.4$/);
  expect(lines[3]).toBe('Pods          2 running, 1 on Spot, 1 waiting; 0.75 vCPU, 1.5 GB as tasks');
  expect(lines.join('\n')).toContain(`$${total(state.month).toFixed(2)} of what runs now`);
});

test('with a NAT there are its price and no addresses of Pods; of a network of others nothing is said', async () => {
  const { month } = await deploymentState({ ask, nat: 'gateway', zones: 2 });
  expect(month).toMatchObject({ nat: expect.closeTo(65.7, 1), addresses: expect.closeTo(7.3, 1) });
  const other = await deploymentState({ ask, nat: 'other', zones: 2 });
  expect(other.month).toMatchObject({ nat: 0, addresses: 0 });
});

test('an API that is not ready, or that lists nothing, says why', async () => {
  const notReady = async (path: string) =>
    path === '/readyz' ? { status: 500, body: '[-]etcd failed\n' } : ask(path);
  expect((await deploymentState({ ask: notReady, nat: 'none', zones: 2 })).problem).toBe('[-]etcd failed');
  const forbidden = async (path: string) => (path.startsWith('/api/v1/pods') ? ask('/secret') : ask(path));
  await expect(deploymentState({ ask: forbidden, nat: 'none', zones: 2 })).rejects.toThrow(
    '/secret is forbidden',
  );
});
