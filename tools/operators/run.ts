import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { freePort } from '../freePort.ts';
import { build, programsOf, sourceOf } from './build.ts';
import { asInPod } from './inCluster.ts';
import { installationOf, type Mount } from './install.ts';
import { Kit } from './kit.ts';
import { filled, mounted } from './mount.ts';
import type { Operator, Program, Where } from './operator.ts';
import { auditedIn, refusalsIn, warningsIn } from './refusals.ts';
import { type Running, start } from './running.ts';

/**
 * Builds an operator, starts a control plane, installs the operator there as its module says, runs
 * its programs as their own accounts and has it do its work.
 * @throws with the end of the programs' output when it does not, and when the signal comes; either way nothing is left.
 */
export async function runOperator(
  operator: Operator,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { folder: source, version } = await sourceOf(operator);
  say(`${operator.module} ${version}`);
  const binaries: string[] = [];
  for (const { program } of programsOf(operator)) binaries.push(await build(operator, program, signal));
  const commands = new Map<string, string>();
  for (const command of operator.commands ?? [])
    commands.set(basename(command), await build(operator, command, signal));
  await work(operator, { source, binaries, commands }, say, signal);
}

/** What an operator is made of, once it is built. */
export interface Built {
  /** The folder of its module. */
  readonly source: string;
  /** Its programs in the order in which they are started. */
  readonly binaries: readonly string[];
  /** The commands of its users, by their names. */
  readonly commands: ReadonlyMap<string, string>;
}

/** Does what {@link runOperator} does with an operator that is built. @throws as that does. */
export async function work(
  operator: Operator,
  { source, binaries, commands }: Built,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'shallop-operator-'));
  const { runtime = 'fake', nodes = 1 } = operator;
  const audited = await auditedIn(folder);
  const plane = await startControlPlane(
    folder,
    '--runtime',
    runtime,
    '--nodes',
    `${nodes}`,
    '--stop-pods',
    ...audited,
  );
  const ending = new AbortController();
  const running: Running[] = [];
  let files = Promise.resolve();
  try {
    if (runtime === 'process') await addImage(plane, folder);
    const kit = new Kit(plane.kubeconfig, say, signal, commands);
    const ports = await localPorts();
    const manifests = await operator.manifests(source, kit);
    const { objects, deployments, configuration } = installationOf(manifests, ports);
    await kit.apply(...objects.filter(({ kind }) => kind === 'Namespace'));
    await kit.apply(...objects);
    const configurationFile = join(folder, 'configuration.yaml');
    if (configuration)
      await writeFile(
        configurationFile,
        stringify({ ...(parse(configuration) as object), ...operator.configuration?.(ports) }),
      );
    const onThisMachine = (mount: Mount) => ({ ...mount, path: localPath(mount.path, folder) });
    files = mounted(
      kit,
      deployments.flatMap(({ mounts }) => mounts.map(onThisMachine)),
      ending.signal,
    );
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    const startOne = async (program: Program, binary: string) => {
      const deployed = deployments.find(({ name }) => name === program.deployment) ?? deployments[0]!;
      const name = program.deployment ?? basename(binary);
      const path = join(folder, `${name}.kubeconfig`);
      const kubeconfig = await kubeconfigOf(kit, plane.kubeconfig, deployed.account, path);
      for (const path of deployed.folders) await mkdir(join(folder, path), { recursive: true });
      if (program.needsItsFiles) await filled(deployed.mounts.map(onThisMachine), ending.signal);
      const where: Where = { ports, kubeconfig, configuration: configurationFile, folder };
      const own = typeof program.env === 'function' ? program.env(where) : program.env;
      const env = { ...process.env, ...deployed.env, ...own, KUBECONFIG: kubeconfig };
      const flags = program.flags(where);
      const asked = program.inCluster ? await asInPod(binary, flags, where) : { binary, flags, env: {} };
      const log = join(folder, `${name}.log`);
      ending.signal.throwIfAborted();
      const started = start(name, asked.binary, asked.flags, { ...env, ...asked.env }, log);
      running.push(started);
      started.ended.catch(failed.reject);
    };
    const starting = programsOf(operator).map((program, i) => startOne(program, binaries[i]!));
    for (const each of starting) each.catch((error) => ending.signal.aborted || failed.reject(error));
    try {
      await Promise.race([operator.story(kit, ports), failed.promise]);
    } catch (error) {
      throw new Error([(error as Error).message, ...running.map(({ tail }) => tail())].join('\n'));
    }
  } finally {
    ending.abort();
    for (const program of running.reverse()) await program.stop();
    await files.catch(() => {});
    for (const line of sinceReady(plane.output)) say(`  the server says: ${line}`);
    await plane.stop();
    try {
      for (const line of await refusalsIn(folder)) say(`  refused ${line}`);
      for (const line of await warningsIn(folder)) say(`  warned ${line}`);
    } catch (error) {
      // The last line may be half one; what the story failed by says more.
      say(`  not told what was refused: ${(error as Error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What a control plane has said since it was ready, of which the last three lines of its greeting tell nothing. */
const sinceReady = (output: readonly string[]): string[] =>
  output.slice(output.findIndex((line) => line.startsWith('ready ')) + 4);

/** The image that Pods of stories name, where they are processes. */
async function addImage(plane: ControlPlane, folder: string): Promise<void> {
  const image = join(folder, 'image');
  await mkdir(image);
  await writeFile(join(image, 'shallop.json'), '{"command":["sleep","600"]}');
  await plane.shallop('image', 'add', 'none', image);
}

/** Programs that have no flag for a path find it as it is. */
const localPath = (path: string, folder: string): string =>
  path.startsWith('/tmp/') ? path : join(folder, path);

/** Ports of this machine for those of containers, the same one each time. */
async function localPorts(): Promise<(containerPort: number) => number> {
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
