import type { Client } from '../../client/client.ts';
import type { ConfigMap, Namespace, ServiceAccount } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { type Controller, watching } from '../controller.ts';
import { configMaps, namespaces, serviceAccounts } from '../resources.ts';

const rootCa = 'kube-root-ca.crt';
const nameOf = ({ metadata: { namespace = '' } }: ServiceAccount | ConfigMap) => ({
  namespace: '',
  name: namespace,
});

/** Creates the ServiceAccount `default` and the ConfigMap with the CA certificate in each namespace. */
export const serviceAccount: Controller = {
  name: 'serviceaccount-controller',
  watches: [
    watching<Namespace>({
      resource: namespaces,
      keys: ({ metadata: { name = '' } }) => [{ namespace: '', name }],
    }),
    watching<ServiceAccount>({
      resource: serviceAccounts,
      keys: (account, _, { deleted }) =>
        deleted && account.metadata.name === 'default' ? [nameOf(account)] : [],
    }),
    watching<ConfigMap>({
      resource: configMaps,
      lean: true,
      named: rootCa,
      keys: (map) => (map.metadata.name === rootCa ? [nameOf(map)] : []),
    }),
  ],

  async reconcile({ name: namespace }, { client, env }) {
    const object = await client.get(namespaces, '', namespace);
    if (!object || object.metadata.deletionTimestamp) return undefined;
    if (!(await client.get(serviceAccounts, namespace, 'default')))
      await unlessThere(
        client.create(serviceAccounts, {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: 'default', namespace },
        }),
      );
    await publishRootCa(namespace, env.clusterCa(), client);
    return undefined;
  },
};

const description = 'kubernetes.io/description';
const described =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Has the namespace hold the certificate and nothing else under that name, whatever somebody made of it. */
async function publishRootCa(namespace: string, certificate: string, client: Client): Promise<void> {
  const data = { 'ca.crt': certificate };
  const current = await client.get(configMaps, namespace, rootCa);
  if (!current) {
    const metadata = { name: rootCa, namespace, annotations: { [description]: described } };
    await unlessThere(client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }));
    return;
  }
  const { annotations } = current.metadata;
  if (same(current.data ?? {}, data) && annotations?.[description]) return;
  const metadata = { ...current.metadata, annotations: { ...annotations, [description]: described } };
  await unlessGone(client.update(configMaps, { ...current, metadata, data }));
}
