import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startControlPlane } from '../../examples/demo/server.ts';
import { addProgram } from '../addProgram.ts';
import { build, programsOf, sourceOf } from './build.ts';
import { Kit } from './kit.ts';
import { mounted } from './mount.ts';
import type { Operator } from './operator.ts';
import { install, startProgram } from './programs.ts';
import { auditedIn, refusalsIn, warningsIn } from './refusals.ts';
import type { Running } from './running.ts';

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
  for (const program of programsOf(operator)) binaries.push(await build(operator, program, signal));
  const commands = new Map<string, string>();
  for (const command of operator.commands ?? [])
    commands.set(basename(command), await build(operator, { program: command }, signal));
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
  const flags = ['--runtime', runtime, '--nodes', `${nodes}`, '--stop-pods', ...(await auditedIn(folder))];
  const plane = await startControlPlane(folder, ...flags);
  const ending = new AbortController();
  const running: Running[] = [];
  let files = Promise.resolve();
  try {
    // What Pods of stories name, where they are processes.
    if (runtime === 'process') await addProgram(plane, folder, 'none', ['sleep', '600']);
    const kit = new Kit(plane.kubeconfig, say, signal, commands);
    const installed = await install(operator, source, kit, folder);
    const mounts = installed.deployments.flatMap((each) => each.mounts);
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    files = mounted(kit, mounts, ending.signal);
    files.catch(failed.reject);
    const onStart = (started: Running) => {
      running.push(started);
      started.ended.catch(failed.reject);
    };
    const { kubeconfig } = plane;
    const start = { kit, installed, kubeconfig, folder, onStart, signal: ending.signal };
    for (const [at, program] of programsOf(operator).entries())
      startProgram(program, binaries[at]!, start).catch(
        (error) => ending.signal.aborted || failed.reject(error),
      );
    try {
      await Promise.race([operator.story(kit, installed.ports), failed.promise]);
    } catch (error) {
      throw new Error([(error as Error).message, ...running.map(({ tail }) => tail())].join('\n'));
    }
  } finally {
    ending.abort();
    for (const program of running.reverse()) await program.stop();
    await files.catch(() => {});
    for (const line of sinceReady(plane.output)) say(`  the server says: ${line}`);
    await plane.stop();
    await tellRefusals(folder, say).finally(() => rm(folder, { recursive: true, force: true }));
  }
}

async function tellRefusals(folder: string, say: (line: string) => void): Promise<void> {
  try {
    for (const line of await refusalsIn(folder)) say(`  refused ${line}`);
    for (const line of await warningsIn(folder)) say(`  warned ${line}`);
  } catch (error) {
    // The last line may be half one; what the story failed by says more.
    say(`  not told what was refused: ${(error as Error).message}`);
  }
}

/** What a control plane has said since it was ready, of which the last three lines of its greeting tell nothing. */
const sinceReady = (output: readonly string[]): string[] =>
  output.slice(output.findIndex((line) => line.startsWith('ready ')) + 4);
