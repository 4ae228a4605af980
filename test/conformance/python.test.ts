import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { repository } from '../../examples/demo/server.ts';
import { isWindows, needs } from '../support/needs.ts';
import { execute, openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';
import { pythonWith } from '../support/python.ts';
import { until } from '../support/until.ts';

/** Python's client libraries, as PyPI has them, do what their users do. */
const clients = join(repository, 'test', 'clients', 'python');
const home = isWindows
  ? { obstacle: isWindows }
  : pythonWith('python-clients', '-r', join(clients, 'requirements.txt'));
const python = 'python' in home ? home.python : '';
const { test } = needs('obstacle' in home && home.obstacle);

let plane: Plane;
const environment = () => ({ ...process.env, KUBECONFIG: plane.kubeconfig });
beforeAll(async () => {
  if (!python) return;
  plane = await openPlane('python', programs);
  await plane.start();
});
afterAll(() => plane?.close());

test.each([
  ['official.py', ['objects', 'refusals', 'deployment', 'streams', 'kinds at run time']],
  ['kr8s_steps.py', ['discovery', 'deployment', 'pod']],
  ['lightkube_steps.py', ['apply', 'pod']],
])('%s comes to its end', async (program, steps) => {
  const { code, stdout, stderr } = await execute(python, [join(clients, program)], environment());
  expect({ code, said: lines(stdout), stderr }).toEqual({
    code: 0,
    said: steps.map((step) => `ok ${step}`),
    stderr: '',
  });
});

test('an operator by kopf sees a custom resource made, changed and deleted', async () => {
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const widgets = { group: 'clients.example', version: 'v1', plural: 'widgets' };
  const widget = { ...widgets, namespace: 'default', name: 'w' };
  await api.createClusterCustomObject({
    group: 'apiextensions.k8s.io',
    version: 'v1',
    plural: 'customresourcedefinitions',
    body: definition,
  });
  const operator = spawn(python, ['-m', 'kopf', 'run', '-A', join(clients, 'kopf_operator.py')], {
    env: environment(),
  });
  const ended = once(operator, 'close');
  const said: string[] = [];
  createInterface({ input: operator.stdout }).on('line', (line) => line.startsWith('ok ') && said.push(line));
  const hasSaid = (line: string) => until(line, () => said.includes(line));
  const seen = async () => (await api.getNamespacedCustomObject(widget)).status?.seen;
  try {
    const body = {
      apiVersion: 'clients.example/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { size: 3 },
    };
    await api.createNamespacedCustomObject({ ...widgets, namespace: 'default', body });
    await hasSaid('ok created');
    await until('the status tells of 3', async () => (await seen()) === 3);
    await api.patchNamespacedCustomObject({
      ...widget,
      body: [{ op: 'replace', path: '/spec/size', value: 4 }],
    });
    await hasSaid('ok updated 3->4');
    await until('the status tells of 4', async () => (await seen()) === 4);
    await api.deleteNamespacedCustomObject(widget);
    await hasSaid('ok deleted');
    await until('it is gone', () =>
      api.getNamespacedCustomObject(widget).then(
        () => false,
        ({ code }) => code === 404,
      ),
    );
  } finally {
    operator.kill('SIGTERM');
    await ended;
  }
});

const lines = (text: string) => text.split('\n').filter(Boolean);

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.clients.example' },
  spec: {
    group: 'clients.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
      },
    ],
  },
};
