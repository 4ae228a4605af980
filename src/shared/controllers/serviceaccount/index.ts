import type { ConfigMap, Namespace, ServiceAccount } from '../../kinds/schema/types.ts';
import { unlessThere } from '../common/ignore.ts';
import { type Controller, watching } from '../controller.ts';
import { configMaps, namespaces, serviceAccounts } from '../resources.ts';

const rootCa = 'kube-root-ca.crt';
const nameOf = ({ metadata: { namespace = '' } }: ServiceAccount | ConfigMap) => ({
  namespace: '',
  name: namespace,
});

/** Gives each namespace its `default` ServiceAccount and the certificate authority's certificate. */
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
      keys: (map, _, { deleted }) => (deleted && map.metadata.name === rootCa ? [nameOf(map)] : []),
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
    const data = { 'ca.crt': env.clusterCa() };
    const current = await client.get(configMaps, namespace, rootCa);
    if (current?.data?.['ca.crt'] === data['ca.crt']) return undefined;
    if (current) {
      await client.patch(configMaps, namespace, rootCa, { data });
      return undefined;
    }
    const description =
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
    await unlessThere(
      client.create(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: rootCa,
          namespace,
          annotations: { 'kubernetes.io/description': description },
        },
        data,
      }),
    );
    return undefined;
  },
};
