import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { nodeFs } from '../../local/drivers/nodeFs.ts';
import type { Io } from '../verb.ts';
import { readPlainYaml } from './plainYaml.ts';

const { existsSync, readFileSync } = nodeFs;

/** Describes what of a kubeconfig the command line may override. */
export interface Choice {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
  /** A logical cluster of the same server. */
  cluster?: string;
}

/** Describes where the API is and how to get in. PEM texts. */
export interface Endpoint {
  /** The context that led here. */
  context: string;
  /** Without a slash at the end; may have a path. */
  server: string;
  namespace: string;
  ca?: string;
  insecure?: boolean;
  serverName?: string;
  certificate?: string;
  key?: string;
  token?: string;
  tokenFile?: string;
  exec?: Exec;
  /** The time (RFC 3339) at which the credentials that a plugin gave end. */
  expiresAt?: string;
}

/** A credential plugin: a program that prints an ExecCredential. */
export interface Exec {
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  apiVersion?: string;
  installHint?: string;
  provideClusterInfo?: boolean;
}

interface Named<T extends string, V> {
  entry: { name: string } & { [key in T]?: V };
  /** Relative paths in it start here. */
  folder: string;
}

type Texts = Record<string, string | boolean | undefined>;
interface Files {
  current: string;
  contexts: Named<'context', Texts>[];
  clusters: Named<'cluster', Texts>[];
  users: Named<'user', Texts & { exec?: Exec }>[];
}

/** The endpoint that the kubeconfig and the command line speak of. Throws, saying what to do, when there is none. */
export async function endpointOf(choice: Choice, io: Pick<Io, 'env' | 'cwd'>): Promise<Endpoint> {
  const paths = kubeconfigPaths(choice.kubeconfig, io);
  const files = await readAll(paths);
  const name = choice.context ?? files.current;
  if (!name)
    throw new Error(
      `no context is chosen in ${paths.join(', ')}: start a control plane with 'shallop up', which adds one, or name one with --context`,
    );
  const context = files.contexts.find(({ entry }) => entry.name === name)?.entry.context;
  if (!context) throw new Error(`context "${name}" does not exist in ${paths.join(', ')}`);
  const cluster = files.clusters.find(({ entry }) => entry.name === context.cluster);
  if (!cluster?.entry.cluster?.server) throw new Error(`cluster "${context.cluster}" does not exist`);
  const user = files.users.find(({ entry }) => entry.name === context.user);
  return {
    context: name,
    server: serverOf(String(cluster.entry.cluster.server), choice.cluster),
    namespace: choice.namespace ?? (context.namespace as string | undefined) ?? 'default',
    ca: pem(cluster.entry.cluster, 'certificate-authority', cluster.folder),
    insecure: cluster.entry.cluster['insecure-skip-tls-verify'] === true,
    serverName: cluster.entry.cluster['tls-server-name'] as string | undefined,
    ...(user?.entry.user && credentials(user.entry.user, user.folder)),
  };
}

/** The files that make up the kubeconfig, whether they are there or not. */
function kubeconfigPaths(chosen: string | undefined, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string[] {
  if (chosen) return [resolve(cwd, chosen)];
  const listed = env.KUBECONFIG?.split(delimiter).filter(Boolean);
  if (listed?.length) return listed.map((file) => resolve(cwd, file));
  return [join(env.HOME || homedir(), '.kube', 'config')];
}

/** All files as one; of two entries with the same name the first counts. */
async function readAll(paths: string[]): Promise<Files> {
  const files: Files = { current: '', contexts: [], clusters: [], users: [] };
  for (const path of paths.filter((file) => existsSync(file))) {
    const content = await readOne(path);
    const folder = dirname(path);
    const entries = (list: unknown) =>
      ((list ?? []) as { name: string }[]).map((entry) => ({ entry, folder }));
    files.current ||= String(content['current-context'] ?? '');
    files.contexts.push(...entries(content.contexts));
    files.clusters.push(...entries(content.clusters));
    files.users.push(...entries(content.users));
  }
  return files;
}

async function readOne(path: string): Promise<Record<string, unknown>> {
  const text = readFileSync(path, 'utf8');
  try {
    const plain = readPlainYaml(text);
    const content = plain === undefined ? (await import('yaml')).parse(text) : plain;
    return (content as Record<string, unknown> | null) ?? {};
  } catch (error) {
    throw new Error(`${path} is not a kubeconfig: ${(error as Error).message.split('\n')[0]}`);
  }
}

function serverOf(server: string, cluster: string | undefined): string {
  const trimmed = server.replace(/\/+$/, '');
  if (cluster === undefined) return trimmed;
  const root = trimmed.replace(/\/clusters\/[^/]+$/, '');
  return cluster === 'default' ? root : `${root}/clusters/${encodeURIComponent(cluster)}`;
}

const credentials = (user: Texts & { exec?: Exec }, folder: string): Partial<Endpoint> => ({
  certificate: pem(user, 'client-certificate', folder),
  key: pem(user, 'client-key', folder),
  token: user.token as string | undefined,
  tokenFile: user.tokenFile ? resolve(folder, String(user.tokenFile)) : undefined,
  exec: user.exec,
});

function pem(from: Texts, name: string, folder: string): string | undefined {
  const data = from[`${name}-data`];
  if (data) return Buffer.from(String(data), 'base64').toString();
  return from[name] ? readFileSync(resolve(folder, String(from[name])), 'utf8') : undefined;
}
