import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../freePort.ts';
import { asInPod } from './inCluster.ts';
import { type Deployed, installationOf } from './install.ts';
import type { Kit } from './kit.ts';
import { filled } from './mount.ts';
import type { Operator, Ports, Program, Where } from './operator.ts';
import { type Running, start } from './running.ts';

/** What the programs of an operator have in a control plane and on this machine. */
export interface Installed {
  readonly ports: Ports;
  /** The file with the changed configuration; it is there where the operator has one. */
  readonly configuration: string;
  /** Their mounts are at paths of this machine. */
  readonly deployments: readonly Deployed[];
}

/** Installs an operator as its module, whose folder is `source`, says: all but its Deployments. */
export async function install(
  operator: Operator,
  source: string,
  kit: Kit,
  folder: string,
): Promise<Installed> {
  const ports = await localPorts();
  const manifests = await operator.manifests(source, kit);
  const { objects, deployments, configuration } = installationOf(manifests, ports);
  await kit.apply(...objects.filter(({ kind }) => kind === 'Namespace'));
  await kit.apply(...objects);
  const file = join(folder, 'configuration.yaml');
  if (configuration)
    await writeFile(
      file,
      stringify({ ...(parse(configuration) as object), ...operator.configuration?.(ports) }),
    );
  return {
    ports,
    configuration: file,
    deployments: deployments.map(({ mounts, ...deployed }) => ({
      ...deployed,
      mounts: mounts.map((mount) => ({ ...mount, path: localPath(mount.path, folder) })),
    })),
  };
}

interface Start {
  kit: Kit;
  installed: Installed;
  /** The administrator's. */
  kubeconfig: string;
  folder: string;
  /** Hears of the program in the moment in which it is started. */
  onStart(running: Running): void;
  signal: AbortSignal;
}

/** Starts a program as its own account, with what its container would have. @throws when the signal comes before. */
export async function startProgram(
  program: Program,
  binary: string,
  { kit, installed, kubeconfig: administrator, folder, onStart, signal }: Start,
): Promise<void> {
  const { deployments, ports, configuration } = installed;
  const deployed = deployments.find(({ name }) => name === program.deployment) ?? deployments[0]!;
  const name = program.deployment ?? basename(binary);
  const path = join(folder, `${name}.kubeconfig`);
  const kubeconfig = await kubeconfigOf(kit, administrator, deployed.account, path);
  for (const path of deployed.folders) await mkdir(join(folder, path), { recursive: true });
  if (program.needsItsFiles) await filled(deployed.mounts, signal);
  const where: Where = { ports, kubeconfig, configuration, folder };
  const own = typeof program.env === 'function' ? program.env(where) : program.env;
  const env = { ...process.env, ...deployed.env, ...own, KUBECONFIG: kubeconfig };
  const flags = program.flags(where);
  const asked = program.inCluster ? await asInPod(binary, flags, where) : { binary, flags, env: {} };
  const log = join(folder, `${name}.log`);
  signal.throwIfAborted();
  onStart(start(name, asked.binary, asked.flags, { ...env, ...asked.env }, log));
}

/** Programs that have no flag for a path find it as it is. */
const localPath = (path: string, folder: string): string =>
  path.startsWith('/tmp/') ? path : join(folder, path);

/** Ports of this machine for those of containers, the same one each time. */
async function localPorts(): Promise<Ports> {
  const free = await Promise.all(Array.from({ length: 16 }, freePort));
  const known = new Map<number, number>();
  return (containerPort) => {
    const port = known.get(containerPort) ?? free[known.size]!;
    known.set(containerPort, port);
    return port;
  };
}

/** A kubeconfig of the operator's account, which may what the module's roles say and no more. */
async function kubeconfigOf(
  kit: Kit,
  administrator: string,
  { namespace, name }: { namespace: string; name: string },
  path: string,
): Promise<string> {
  const token = (await kit.kubectl(['create', 'token', name, '-n', namespace, '--duration', '2h'])).trim();
  const text = await kit.kubectl(['config', 'view', '--raw', '--kubeconfig', administrator, '-o', 'json']);
  const { clusters, contexts, ...rest } = JSON.parse(text) as {
    clusters: { name: string }[];
    contexts: { name: string; context: object }[];
  };
  const [context] = contexts;
  await writeFile(
    path,
    JSON.stringify({
      ...rest,
      clusters,
      contexts: [{ name: context!.name, context: { ...context!.context, user: name, namespace } }],
      users: [{ name, user: { token } }],
    }),
    { mode: 0o600 },
  );
  return path;
}
