import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a program is started that knows no kubeconfig, only what a Pod finds. */
export interface InCluster {
  readonly binary: string;
  readonly flags: string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where client-go looks for the credentials of a Pod. */
const place = '/run/secrets/kubernetes.io/serviceaccount';

/**
 * Starts it in a mount namespace of its own, whose /run has nothing but these credentials: this machine's stays as it is,
 * and no rights are needed.
 */
export async function asInPod(
  binary: string,
  flags: readonly string[],
  { kubeconfig, folder }: { kubeconfig: string; folder: string },
): Promise<InCluster> {
  const { clusters, users, contexts } = JSON.parse(await readFile(kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
    users: { user: { token: string } }[];
    contexts: { context: { namespace: string } }[];
  };
  const { server, 'certificate-authority-data': authority } = clusters[0]!.cluster;
  const credentials = join(folder, 'serviceaccount');
  await mkdir(credentials, { recursive: true });
  await writeFile(join(credentials, 'ca.crt'), Buffer.from(authority, 'base64'));
  await writeFile(join(credentials, 'token'), users[0]!.user.token, { mode: 0o600 });
  await writeFile(join(credentials, 'namespace'), contexts[0]!.context.namespace);
  const script = `mount -t tmpfs tmpfs /run && mkdir -p ${place} && cp ${credentials}/* ${place} && exec "$0" "$@"`;
  const { hostname, port } = new URL(server);
  return {
    binary: 'unshare',
    flags: ['--map-root-user', '--mount', 'sh', '-c', script, binary, ...flags],
    env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
  };
}
