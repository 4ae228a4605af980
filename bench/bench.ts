import type { LoadClient } from './load.ts';

/** One line of the table: what is measured, what the opponent had and what the goal is. */
export interface Figure {
  what: string;
  /** As measured now, with its unit. */
  measured: number;
  unit: string;
  /** etcd + kube-apiserver 1.35 on a machine of this class, or measured in the same run with --reference. */
  reference?: number;
  /** Absent: a figure to know, without a goal. */
  goal?: { atMost: number } | { atLeast: number };
  /** The goal as a multiple of the reference: with --reference it is that multiple of what was measured beside. */
  ratio?: number;
  note?: string;
}

export interface Subject {
  client: LoadClient;
  /** Fraction of the full number of calls. */
  scale: number;
  /** A word that makes object names of this run unique. */
  id: string;
  /** The server's process, where it is ours. */
  pid?: number | undefined;
}

export const namespace = 'bench';
export const core = `/api/v1/namespaces/${namespace}`;

const kilobyte = 'x'.repeat(1000);

export const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { load: 'yes' } },
  data: { value: kilobyte },
});

/** A Pod that no scheduler takes, so that storing it is all that is measured. */
export const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: 'load', name } },
  spec: {
    schedulerName: 'nobody',
    containers: [
      {
        name: 'c',
        image: 'app:1',
        ports: [{ containerPort: 5000 }],
        env: [{ name: 'A', value: '1' }],
        resources: { requests: { cpu: '10m', memory: '16Mi' } },
      },
    ],
  },
});

export async function prepareNamespace({ client }: Subject): Promise<void> {
  await client.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  while ((await client.call('GET', `${core}/serviceaccounts/default`)).status !== 200)
    await client.call('POST', `${core}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default' },
    });
}
