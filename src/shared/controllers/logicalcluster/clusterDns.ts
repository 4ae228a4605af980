import type { Client } from '../../client/client.ts';
import { isReason } from '../../errors/apiError.ts';
import { unlessThere } from '../common/ignore.ts';
import { services } from '../resources.ts';

/** The Service that clients know cluster DNS by; the driver serves it without endpoints. */
export async function addClusterDns(client: Client, clusterIP: string | undefined): Promise<void> {
  if (await client.get(services, 'kube-system', 'kube-dns')) return;
  const create = (spec: { clusterIP?: string }) =>
    client.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kube-dns',
        namespace: 'kube-system',
        labels: {
          'k8s-app': 'kube-dns',
          'kubernetes.io/cluster-service': 'true',
          'kubernetes.io/name': 'CoreDNS',
        },
      },
      spec: {
        ...spec,
        type: 'ClusterIP',
        ports: [
          { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
          { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
        ],
      },
    });
  // A data folder of before may have given the address to another Service.
  await unlessThere(
    create(clusterIP ? { clusterIP } : {}).catch((error) => {
      if (!clusterIP || !isReason(error, 'Invalid')) throw error;
      return create({});
    }),
  );
}
