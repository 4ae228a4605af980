import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found, Kit } from '../kit.ts';
import { namespaced } from '../namespaced.ts';
import type { Operator } from '../operator.ts';
import { Repository } from './repository.ts';

const namespace = 'argocd';
const program = 'github.com/argoproj/argo-cd/v3/cmd';
const named = (kind: string, name: string, more: object, apiVersion = 'v1', annotations?: object) => ({
  apiVersion,
  kind,
  metadata: { name, ...(annotations && { annotations }) },
  ...more,
});
const settings = (name: string, data: Record<string, string>) => named('ConfigMap', name, { data });
const containers = (image: string) => [{ name: 'c', image, ports: [{ containerPort: 80 }] }];
const web = (image: string) =>
  named(
    'Deployment',
    'web',
    {
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: containers(image) } },
      },
    },
    'apps/v1',
  );
const service = named('Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
const before = named(
  'Job',
  'before',
  { spec: { template: { spec: { restartPolicy: 'Never', containers: containers('busybox') } } } },
  'batch/v1',
  { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded' },
);
const application = (name: string, repoURL: string, path: string) => ({
  metadata: { name, namespace, finalizers: ['resources-finalizer.argocd.argoproj.io'] },
  spec: {
    project: 'default',
    source: { repoURL, path, targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: name },
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      syncOptions: ['CreateNamespace=true', 'ServerSideApply=true'],
    },
  },
});
const argo = (kind: string, body: object) => ({ apiVersion: 'argoproj.io/v1alpha1', kind, ...body });

/** What stands in git comes into the cluster, by caches of all kinds, server-side apply and hooks; and stays so. */
export const argocd: Operator = {
  name: 'argocd',
  module: 'github.com/argoproj/argo-cd/v3',
  program,
  deployment: 'argocd-application-controller',
  // In a Pod its own cluster needs no kubeconfig.
  env: { ARGOCD_BINARY_NAME: 'argocd-application-controller', ARGOCD_FAKE_IN_CLUSTER: 'true' },
  async manifests(folder) {
    const text = await readFile(join(folder, 'manifests/install.yaml'), 'utf8');
    return (
      namespaced(text, namespace)
        // The controller, whose program runs on this machine, too.
        .map((manifest) => (manifest.kind === 'StatefulSet' ? { ...manifest, kind: 'Deployment' } : manifest))
        .map((manifest) => JSON.stringify(manifest))
        .join('\n---\n')
    );
  },
  flags: ({ ports }) => [
    ...common(ports),
    `--repo-server=127.0.0.1:${ports(8081)}`,
    '--repo-server-plaintext',
    `--metrics-port=${ports(8082)}`,
    '--self-heal-timeout-seconds=1',
  ],
  beside: [
    { program: './redis', flags: ({ ports }) => [`127.0.0.1:${ports(6379)}`] },
    {
      // It makes the project that applications are in, and the key of sessions.
      program,
      deployment: 'argocd-server',
      env: { ARGOCD_BINARY_NAME: 'argocd-server' },
      flags: ({ ports }) => [
        ...common(ports),
        '--insecure',
        '--address=127.0.0.1',
        `--port=${ports(8080)}`,
        '--metrics-address=127.0.0.1',
        `--metrics-port=${ports(8083)}`,
        `--repo-server=127.0.0.1:${ports(8081)}`,
        '--repo-server-plaintext',
      ],
    },
    {
      program,
      deployment: 'argocd-repo-server',
      env: ({ folder }) => ({
        ARGOCD_BINARY_NAME: 'argocd-repo-server',
        ARGOCD_GPG_ENABLED: 'false',
        // For its copies of repositories.
        TMPDIR: folder,
      }),
      flags: ({ ports }) => [
        ...common(ports),
        '--address=127.0.0.1',
        `--port=${ports(8081)}`,
        '--disable-tls',
        '--metrics-address=127.0.0.1',
        `--metrics-port=${ports(8084)}`,
      ],
    },
    {
      program,
      deployment: 'argocd-applicationset-controller',
      env: { ARGOCD_BINARY_NAME: 'argocd-applicationset-controller' },
      flags: ({ ports }) => [
        `--argocd-repo-server=127.0.0.1:${ports(8081)}`,
        '--repo-server-plaintext',
        `--metrics-addr=127.0.0.1:${ports(8085)}`,
        `--probe-addr=127.0.0.1:${ports(8086)}`,
        `--webhook-addr=127.0.0.1:${ports(7000)}`,
      ],
    },
  ],
  story: (kit) => Repository.use((repository) => story(kit, repository)),
};

const common = (ports: (port: number) => number): string[] => [
  `--redis=127.0.0.1:${ports(6379)}`,
  '--logformat=text',
];

async function story(kit: Kit, repository: Repository): Promise<void> {
  const first = await repository.commit({
    'web/web.yaml': [web('nginx:1'), service],
    'web/before.yaml': [before],
    'web/settings.yaml': [settings('settings', { colour: 'blue' })],
    'small/settings.yaml': [settings('small', { size: 's' })],
  });
  await kit.until('has a project for applications', () => kit.find('appproject', 'default', '-n', namespace));
  const main = application('main', repository.url, 'web');
  await kit.until('takes an application', async () => {
    await kit.apply(argo('Application', main));
    return true;
  });
  await kit.until('applies what stands in git, after its hook', () => isAt(kit, 'main', first));
  await kit.gone('the hook has gone', 'jobs', '-n', 'main');
  await kit.kubectl(['scale', 'deployment', 'web', '-n', 'main', '--replicas=5']);
  await kit.until('takes back what somebody changed', async () => {
    const { spec } = await kit.get('deployment', 'web', '-n', 'main');
    return spec?.replicas === 2;
  });
  const second = await repository.commit({
    'web/web.yaml': [web('nginx:2'), service],
    'web/settings.yaml': undefined,
  });
  await kit.kubectl([
    'annotate',
    'application',
    'main',
    '-n',
    namespace,
    'argocd.argoproj.io/refresh=normal',
  ]);
  await kit.until('follows the next commit', async () => {
    const { spec } = await kit.get('deployment', 'web', '-n', 'main');
    return JSON.stringify(spec).includes('nginx:2') && isAt(kit, 'main', second);
  });
  await kit.until(
    'and removes what is no longer in it',
    async () => !(await kit.find('configmap', 'settings', '-n', 'main')),
  );
  const { metadata, spec } = application('{{.name}}', repository.url, 'small');
  await kit.apply(
    argo('ApplicationSet', {
      metadata: { name: 'many', namespace },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{ name: 'one' }, { name: 'two' }] } }],
        template: { metadata: { name: metadata.name, finalizers: metadata.finalizers }, spec },
      },
    }),
  );
  for (const name of ['one', 'two'])
    await kit.until(`makes the application ${name} of a set`, () => isAt(kit, name, second));
  await kit.kubectl(['delete', 'applicationset', 'many', '-n', namespace, '--timeout=60s']);
  await kit.kubectl(['delete', 'application', 'main', '-n', namespace, '--timeout=60s']);
  await kit.gone('what applications made goes with them', 'applications', '-n', namespace);
  for (const name of ['one', 'two', 'main']) {
    const { items } = await kit.get<{ items: Found[] }>('deployments,services,configmaps', '-n', name);
    const left = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
    if (left.length > 0) throw new Error(`left in ${name}: ${left.map(({ metadata }) => metadata.name)}`);
  }
}

/** Whether an application has what a commit says, and that is well. */
async function isAt(kit: Kit, name: string, commit: string): Promise<boolean> {
  const { status } = await kit.get('application', name, '-n', namespace);
  const { sync, health } = (status ?? {}) as {
    sync?: { status: string; revision: string };
    health?: { status: string };
  };
  return sync?.status === 'Synced' && sync.revision === commit && health?.status === 'Healthy';
}
