import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../support/cli.ts';
import { openPlane, type Plane } from '../support/plane.ts';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('recalled');
  await plane.start('--runtime', 'fake');
});
afterAll(() => plane.close());

const cache = () => join(plane.folder, 'cache');
const shallop = (command: string) =>
  runCli(command.split(' '), {
    env: { KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: cache() },
    cwd: plane.folder,
  });

/** Somebody else's command, of which nothing is kept here. */
async function elsewhere(command: string, input = ''): Promise<void> {
  const env = { KUBECONFIG: plane.kubeconfig };
  expect(await runCli(command.split(' '), { env, cwd: plane.folder, input })).toMatchObject({ code: 0 });
}

/** Has the server serve widgets of a group. */
async function define(
  group: string,
  scope: 'Namespaced' | 'Cluster',
  categories: string[] = [],
): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object' } };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      ...{ group, scope },
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', categories },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  await elsewhere('create -f -', JSON.stringify(definition));
  await elsewhere(`wait --for condition=Established crd/widgets.${group}`);
}

test('get takes what it was told before, and finds what has come, moved or gone since', async () => {
  expect(await shallop('get configmaps')).toMatchObject({ code: 0 });
  expect(existsSync(join(cache(), 'shallop'))).toBe(true);

  await define('a.example.com', 'Namespaced');
  expect(await shallop('get widgets')).toMatchObject({
    code: 0,
    stderr: 'No resources found in default namespace.\n',
  });

  // The same name leads elsewhere now.
  await elsewhere('delete crd widgets.a.example.com');
  await define('b.example.com', 'Cluster');
  expect(await shallop('get widgets')).toMatchObject({ code: 0, stderr: 'No resources found\n' });

  await elsewhere('delete crd widgets.b.example.com');
  expect((await shallop('get widgets')).stderr).toMatch(/the server doesn't have a resource type "widgets"/);
});

test('a category has what joined it since', async () => {
  await define('c.example.com', 'Namespaced', ['all']);
  const widget = { apiVersion: 'c.example.com/v1', kind: 'Widget', metadata: { name: 'new' } };
  await elsewhere('create -f -', JSON.stringify(widget));
  expect((await shallop('get all')).stdout).toContain('widget.c.example.com/new');
});

test('an object that is not there is not found', async () => {
  const answer = { code: 1, stderr: 'Error from server (NotFound): configmaps "none" not found\n' };
  expect(await shallop('get configmap none')).toMatchObject(answer);
  expect(await shallop('get configmap none')).toMatchObject(answer);
});
