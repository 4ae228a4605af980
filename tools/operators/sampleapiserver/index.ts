import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const version = 'v1alpha1.wardle.example.com';
const flunder = (name: string, labels: object = {}) => ({
  apiVersion: 'wardle.example.com/v1alpha1',
  kind: 'Flunder',
  metadata: { name, namespace: 'default', labels },
  spec: { reference: 'other' },
});

/** Kubernetes' own example of an API server for an APIService, with an etcd of its own. */
export const sampleApiserver: Operator = {
  name: 'sampleapiserver',
  module: 'k8s.io/sample-apiserver',
  program: 'k8s.io/sample-apiserver',
  beside: [
    {
      program: './etcd',
      flags: ({ ports, folder }) => [
        `--data-dir=${join(folder, 'etcd')}`,
        `--listen-client-urls=http://127.0.0.1:${ports(2379)}`,
        `--advertise-client-urls=http://127.0.0.1:${ports(2379)}`,
        `--listen-peer-urls=http://127.0.0.1:${ports(2380)}`,
      ],
    },
  ],
  async manifests(folder) {
    const files = (await readdir(join(folder, 'artifacts/example'))).filter((name) => name.endsWith('.yaml'));
    const texts = await Promise.all(
      files.map((name) => readFile(join(folder, 'artifacts/example', name), 'utf8')),
    );
    return texts.join('\n---\n');
  },
  flags: ({ ports, kubeconfig, folder }) => [
    `--etcd-servers=http://127.0.0.1:${ports(2379)}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports(443)}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
  ],
  async story(kit) {
    await kit.until('is available', async () => says(await kit.get('apiservice', version), 'Available'));
    await kit.until('takes objects of its kinds', async () => {
      await kit.kubectl(['apply', '-f', '-'], JSON.stringify(flunder('one')));
      return true;
    });
    const found = await kit.get('flunders', 'one');
    if (found.spec?.reference !== 'other')
      throw new Error(`it gave another object back: ${JSON.stringify(found)}`);
    await kit.until('is in the Swagger document', async () =>
      (await kit.kubectl(['get', '--raw', '/openapi/v2'])).includes('/apis/wardle.example.com/v1alpha1/'),
    );
    await kit.until('is explained', async () =>
      (await kit.kubectl(['explain', 'flunders.spec'])).includes('reference'),
    );
    await kit.until('knows its users by the front proxy, who may what the roles say', async () => {
      const words = await kit.kubectl(['get', 'flunders', '--as', 'nobody']).then(
        () => '',
        (error: Error) => error.message,
      );
      return words.includes('flunders.wardle.example.com is forbidden: User "nobody" cannot list resource');
    });
    await kit.kubectl(['delete', 'flunders', '--all', '--timeout=30s']);
    await kit.gone('lets them go', 'flunders');
  },
};
