import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const monitoring = (kind: string, name: string, spec: object) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind,
  metadata: { name, namespace: 'default', labels: { team: 'a' } },
  spec,
});

/** Prometheus servers: StatefulSets made of large custom resources, configuration in Secrets, status by conditions. */
export const prometheus: Operator = {
  name: 'prometheus',
  module: 'github.com/prometheus-operator/prometheus-operator',
  program: 'github.com/prometheus-operator/prometheus-operator/cmd/operator',
  async manifests(folder) {
    const texts = await Promise.all(
      ['example/prometheus-operator-crd', 'example/rbac/prometheus-operator'].flatMap(async (part) => {
        const files = (await readdir(join(folder, part))).filter((name) => name.endsWith('.yaml'));
        return Promise.all(files.map((name) => readFile(join(folder, part, name), 'utf8')));
      }),
    );
    return texts.flat().join('\n---\n');
  },
  // It finds its kubeconfig by the environment.
  flags: ({ ports }) => [`--web.listen-address=127.0.0.1:${ports(8080)}`, '--log-level=info'],
  async story(kit) {
    await kit.apply(
      monitoring('Prometheus', 'main', {
        replicas: 2,
        serviceAccountName: 'default',
        serviceMonitorSelector: { matchLabels: { team: 'a' } },
      }),
      monitoring('ServiceMonitor', 'web', {
        selector: { matchLabels: { app: 'web' } },
        endpoints: [{ port: 'http' }],
      }),
    );
    await kit.until('makes the StatefulSet', async () => {
      const found = await kit.find('statefulset', 'prometheus-main');
      return found?.metadata.ownerReferences?.[0]?.kind === 'Prometheus';
    });
    await kit.until('writes what is to be scraped into its Secret', async () => {
      const secret = await kit.find<{ data?: Record<string, string> }>('secret', 'prometheus-main');
      const packed = secret?.data?.['prometheus.yaml.gz'];
      return (
        packed &&
        gunzipSync(Buffer.from(packed, 'base64')).toString().includes('serviceMonitor/default/web/0')
      );
    });
    await kit.until('says that it is available', async () => {
      const found = await kit.get('prometheus', 'main');
      return says(found, 'Available') && says(found, 'Reconciled') && found.status?.availableReplicas === 2;
    });
    // Its scale are its shards, each a StatefulSet.
    await kit.kubectl(['scale', 'prometheus', 'main', '--replicas=2']);
    await kit.until('grows by its scale', () => kit.find('statefulset', 'prometheus-main-shard-1'));
    await kit.kubectl(['delete', 'prometheus', 'main', '--timeout=60s']);
    await kit.gone('StatefulSet and Pods go with it', 'statefulsets,pods');
  },
};
