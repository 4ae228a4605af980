import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found, Kit } from '../kit.ts';
import type { Operator } from '../operator.ts';

const module = 'k8s.io/sample-controller';
const examples = 'artifacts/examples';
const account = { name: 'sample-controller', namespace: 'default' };
const foo = (name: string, deploymentName: string, replicas: number) => ({
  apiVersion: 'samplecontroller.k8s.io/v1alpha1',
  kind: 'Foo',
  metadata: { name, namespace: 'default' },
  spec: { deploymentName, replicas },
});
/** Its page has it run with the administrator's kubeconfig. */
const install = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: account.name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: account,
    spec: { template: { spec: { serviceAccountName: account.name, containers: [{}] } } },
  },
];

let example = '';

/** What Kubernetes shows how a controller is written by: its own example, with client-go's informers and generated clients. */
export const sampleController: Operator = {
  name: 'samplecontroller',
  module,
  program: module,
  async manifests(folder) {
    example = await readFile(join(folder, examples, 'example-foo.yaml'), 'utf8');
    const definition = await readFile(join(folder, examples, 'crd-status-subresource.yaml'), 'utf8');
    return [definition, ...install.map((object) => JSON.stringify(object))].join('\n---\n');
  },
  flags: ({ kubeconfig }) => [`-kubeconfig=${kubeconfig}`],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.kubectl(['create', '-f', '-'], example);
  await kit.until('makes a Deployment, which the Foo owns', async () => {
    const { metadata } = await kit.get('deployment', 'example-foo');
    return metadata.ownerReferences?.[0]?.kind === 'Foo';
  });
  await kit.until('writes into its status what is available', async () => {
    const { status } = await kit.get('foo', 'example-foo');
    return status?.availableReplicas === 1;
  });
  await eventOf(kit, 'example-foo', 'Synced', 'Foo synced successfully');
  await kit.apply(foo('example-foo', 'example-foo', 3));
  await kit.until('follows a change of the Foo', () => hasReplicas(kit, 3));
  await kit.kubectl(['scale', 'deployment', 'example-foo', '--replicas=1']);
  await kit.until('takes back what somebody changed', () => hasReplicas(kit, 3));
  const { metadata } = await kit.get<WithUid>('deployment', 'example-foo');
  await kit.kubectl(['delete', 'deployment', 'example-foo']);
  await kit.until('makes the Deployment again', async () => {
    const found = await kit.find<WithUid>('deployment', 'example-foo');
    return found && found.metadata.uid !== metadata.uid;
  });
  await kit.kubectl(['create', 'deployment', 'strange', '--image=none']);
  await kit.apply(foo('rival', 'strange', 1));
  await eventOf(
    kit,
    'rival',
    'ErrResourceExists',
    'Resource "strange" already exists and is not managed by Foo',
  );
  await kit.refused(
    'the schema refuses a Foo of eleven',
    /spec.replicas in body should be less than or equal to 10/,
    foo('many', 'many', 11),
  );
  await kit.kubectl(['delete', 'foo', 'example-foo']);
  await kit.until('the Deployment goes with it', async () => !(await kit.find('deployment', 'example-foo')));
}

type WithUid = Found & { readonly metadata: { readonly uid: string } };

async function hasReplicas(kit: Kit, replicas: number): Promise<boolean> {
  const { spec } = await kit.get('deployment', 'example-foo');
  return spec?.replicas === replicas;
}

async function eventOf(kit: Kit, name: string, reason: string, message: string): Promise<void> {
  await kit.until(`tells by an Event: ${message}`, async () => {
    const { items } = await kit.get<{ items: { reason: string; message: string }[] }>(
      'events',
      `--field-selector=involvedObject.kind=Foo,involvedObject.name=${name},reason=${reason}`,
    );
    return items.some((event) => event.message === message);
  });
}
