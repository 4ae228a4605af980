import { join, resolve } from 'node:path';
import type { LocalCloud } from './localCloud.ts';

const shallop = join(resolve(import.meta.dirname, '../..'), 'bin', 'shallop.js');

/** JSON, which is YAML: tokens are made by `shallop token`, as with a real account, with the emulator's keys. */
export function kubeconfigOf({ name, front, clusterId, env }: LocalCloud): string {
  const context = `shallop-${name}-local`;
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': context,
      contexts: [{ name: context, context: { cluster: context, user: context } }],
      clusters: [
        {
          name: context,
          cluster: {
            server: front.url,
            'certificate-authority-data': Buffer.from(front.ca).toString('base64'),
          },
        },
      ],
      users: [
        {
          name: context,
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: shallop,
              args: ['token', '--cluster-id', clusterId, '--region', env.AWS_REGION],
              env: keys.map((key) => ({ name: key, value: env[key] })),
              interactiveMode: 'Never',
            },
          },
        },
      ],
    },
    null,
    2,
  );
}
