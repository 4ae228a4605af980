import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startControlPlane } from '../../examples/demo/server.ts';
import { freePort } from '../freePort.ts';
import { build, sourceOf } from './build.ts';
import { installationOf } from './install.ts';
import { Kit } from './kit.ts';
import { mounted } from './mount.ts';
import type { Operator, Where } from './operator.ts';

/**
 * Builds an operator, starts a control plane whose Pods are records, installs the operator there as its module says, runs
 * it as its own account and has it do its work.
 * @throws with the end of the operator's output when it does not.
 */
export async function runOperator(operator: Operator, say: (line: string) => void): Promise<void> {
  const { folder: source, version } = await sourceOf(operator);
  say(`${operator.module} ${version}`);
  const binary = await build(operator);
  const beside = operator.beside && (await build(operator, operator.beside.program));
  const folder = await mkdtemp(join(tmpdir(), 'shallop-operator-'));
  const log = join(folder, 'operator.log');
  const plane = await startControlPlane(folder, '--runtime', 'fake');
  try {
    const kit = new Kit(plane.kubeconfig, say);
    const ports = await localPorts();
    const { objects, account, mounts, configuration } = installationOf(
      await operator.manifests(source, kit),
      ports,
    );
    await kit.apply(...objects.filter(({ kind }) => kind === 'Namespace'));
    await kit.apply(...objects);
    const where: Where = {
      ports,
      kubeconfig: await kubeconfigOf(kit, plane.kubeconfig, account, join(folder, 'operator.kubeconfig')),
      configuration: join(folder, 'configuration.yaml'),
      folder,
    };
    if (configuration)
      await writeFile(
        where.configuration,
        stringify({ ...(parse(configuration) as object), ...operator.configuration?.(ports) }),
      );
    const env = { ...process.env, KUBECONFIG: where.kubeconfig };
    const programs = [
      ...(beside ? [start(beside, operator.beside!.flags(where), env, `${log}.beside`)] : []),
      start(binary, operator.flags(where), env, log),
    ];
    const ending = new AbortController();
    const files = mounted(kit, account.namespace, mounts, ending.signal);
    try {
      await Promise.race([operator.story(kit), ...programs.map(({ ended }) => ended)]);
    } catch (error) {
      throw new Error([(error as Error).message, ...programs.map(({ tail }) => tail())].join('\n'));
    } finally {
      ending.abort();
      for (const program of programs.reverse()) await program.stop();
      await files.catch(() => {});
    }
  } finally {
    await plane.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ports of this machine for those of containers, the same one each time. */
async function localPorts(): Promise<(containerPort: number) => number> {
  const free = await Promise.all(Array.from({ length: 12 }, freePort));
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

interface Program {
  /** Rejects when the program ends by itself. */
  readonly ended: Promise<never>;
  tail(): string;
  stop(): Promise<void>;
}

function start(binary: string, flags: string[], env: NodeJS.ProcessEnv, log: string): Program {
  const child = spawn(binary, flags, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(file, { end: false });
    stream.on('data', (bytes: Buffer) => {
      lines.push(...bytes.toString().split('\n').filter(Boolean));
      if (lines.length > 400) lines.splice(0, lines.length - 200);
    });
  }
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const exit = once(child, 'exit').then(([code]) => {
    process.off('exit', endWithUs);
    return code as number | null;
  });
  let isStopped = false;
  const ended = exit.then((code) => {
    if (isStopped) return new Promise<never>(() => {});
    throw new Error(`the operator ended with ${code}`);
  });
  ended.catch(() => {});
  return {
    ended,
    tail: () => lines.slice(-60).join('\n'),
    stop: async () => {
      isStopped = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exit;
      file.close();
    },
  };
}
