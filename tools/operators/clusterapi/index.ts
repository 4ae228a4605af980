import { certified } from '../certified.ts';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const group = 'infrastructure.cluster.x-k8s.io';
const cluster = (kind: string, name: string, spec: object) => ({
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});
const reference = (kind: string, name: string) => ({ apiGroup: group, kind, name });
const infrastructure = (kind: string, name: string, spec: object) => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});

/** A definition of a provider of infrastructure, which keeps the contract and does nothing. */
const provided = (kind: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.${group}`, labels: { 'cluster.x-k8s.io/v1beta2': 'v1' } },
  spec: {
    group,
    names: { kind, plural: `${kind.toLowerCase()}s` },
    scope: 'Namespaced',
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: Object.fromEntries(
              ['spec', 'status'].map((name) => [
                name,
                { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              ]),
            ),
          },
        },
      },
    ],
  },
});

const machines = (replicas: number, clusterName = 'one') => {
  const labels = { pool: 'workers' };
  return cluster('MachineDeployment', 'workers', {
    ...{ clusterName, replicas, selector: { matchLabels: labels } },
    template: {
      metadata: { labels },
      spec: {
        clusterName,
        bootstrap: { dataSecretName: 'none' },
        infrastructureRef: reference('ShipTemplate', 'small'),
      },
    },
  });
};

/** Clusters of machines: objects of definitions that others bring, cloned and owned; conversion; apply by many managers. */
export const clusterApi: Operator = {
  name: 'clusterapi',
  module: 'sigs.k8s.io/cluster-api',
  program: 'sigs.k8s.io/cluster-api',
  manifests: async (folder, kit) => certified(await kit.kubectl(['kustomize', `${folder}/config/default`])),
  needsItsFiles: true,
  flags: ({ ports, kubeconfig }) => [
    `--kubeconfig=${kubeconfig}`,
    `--webhook-port=${ports(443)}`,
    `--health-addr=127.0.0.1:${ports(9440)}`,
    `--diagnostics-address=127.0.0.1:${ports(8443)}`,
    '--insecure-diagnostics',
  ],
  async story(kit) {
    await kit.apply(...['Fleet', 'Ship', 'ShipTemplate'].map(provided));
    await kit.until('takes a cluster through its webhooks', async () => {
      await kit.apply(
        infrastructure('Fleet', 'one', {}),
        infrastructure('ShipTemplate', 'small', { template: { spec: { size: 'small' } } }),
        cluster('Cluster', 'one', { infrastructureRef: reference('Fleet', 'one') }),
      );
      return true;
    });
    await provision(kit, 'fleet', 'one', {});
    await kit.until('follows an object of a definition of others', async () =>
      says(await kit.get('clusters.cluster.x-k8s.io', 'one'), 'InfrastructureReady'),
    );
    await kit.apply(machines(2));
    const ships = await clones(kit, 2);
    await kit.until('converts between its versions', async () => {
      const older = await kit.get('machinedeployments.v1beta1.cluster.x-k8s.io', 'workers');
      const { template } = older.spec as {
        template: { spec: { infrastructureRef: { apiVersion?: string } } };
      };
      return template.spec.infrastructureRef.apiVersion === `${group}/v1`;
    });
    for (const { metadata } of ships)
      await provision(kit, 'ship', metadata.name, { providerID: `ship://${metadata.name}` });
    await kit.until('takes what is provisioned into its machines', async () => {
      const { items } = await kit.get<{ items: Found[] }>('machines');
      return items.every((machine) => machine.spec?.providerID && says(machine, 'InfrastructureReady'));
    });
    await kit.refused(
      'refuses to move machines to another cluster',
      /spec.clusterName: Forbidden: field is immutable/,
      machines(2, 'other'),
    );
    await kit.kubectl(['scale', 'machinedeployment', 'workers', '--replicas=3']);
    await clones(kit, 3);
    await kit.kubectl(['delete', 'clusters.cluster.x-k8s.io', 'one', '--timeout=90s']);
    await kit.gone('machines and what they are made of go with it', 'machines,machinesets,ships,fleets');
  },
};

/** Waits for so many objects made of the template. */
function clones(kit: Kit, count: number): Promise<Found[]> {
  return kit.until(`${count} machines, each made of the template`, async () => {
    const { items } = await kit.get<{ items: Found[] }>('ships');
    const owners = items.map(({ metadata }) => metadata.ownerReferences?.map(({ kind }) => kind).join());
    const isWhole = items.every(({ spec }) => spec?.size === 'small');
    return items.length === count && isWhole && owners.every((kinds) => kinds === 'Machine') && items;
  });
}

/** Says of an object what its provider would. */
async function provision(kit: Kit, resource: string, name: string, spec: object): Promise<void> {
  const status = { initialization: { provisioned: true } };
  const place = ['patch', resource, name, '--type=merge', '-p'];
  await kit.kubectl([...place, JSON.stringify({ spec })]);
  await kit.kubectl([...place, JSON.stringify({ status }), '--subresource=status']);
}
