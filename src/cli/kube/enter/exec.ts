import type { Input } from '../../verb.ts';
import { pathOf } from '../discovery.ts';
import { defaultContainerOf, type Pod } from '../pods.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { podOf } from './podOf.ts';
import { type Talk, talk } from './talk.ts';

/** Runs a command in a container of the Pod that the call names; answers its exit code. */
export async function runExec(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const { positionals, beforeDash } = call;
  if (beforeDash === undefined && positionals.length > 1)
    throw new Error('exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
  const command = beforeDash === undefined ? [] : positionals.slice(beforeDash);
  const [word] = beforeDash === 0 ? [] : positionals;
  if (!word) throw new Error('pod, type/name or --filename must be specified');
  if (!command.length) throw new Error('you must specify at least one command for the container');
  const { pod } = await podOf(scene, word);
  const isQuiet = call.flag('quiet');
  const isEnded = endedPhase(pod);
  if (isEnded) throw cannotEnter(isEnded);
  const container = call.text('container') ?? defaultContainerOf(pod, isQuiet ? () => {} : io.err);
  const streams = streamsOf(scene, { stdin: call.flag('stdin'), tty: call.flag('tty') }, isQuiet);
  const { write: stdout, writeError: stderr } = io;
  const code = await execIn(scene, pod, { container, command, ...streams, stdout, stderr });
  if (code) io.err(`command terminated with exit code ${code}`);
  return code;
}

/** A command for a container, and who speaks with it. */
export type Execution = Omit<Talk, 'path'> & { container: string; command: string[] };

/** Runs a command in a container, and answers its exit code. */
export async function execIn(
  scene: Scene,
  pod: Pod,
  { container, command, ...talkers }: Execution,
  ending: Pick<Scene['io'], 'interrupted'> = scene.io,
): Promise<number> {
  const { input, tty } = talkers;
  const wanted = { container, stdin: Boolean(input), stdout: true, stderr: !tty, tty };
  const parts = [query(wanted), ...command.map((part) => `command=${encodeURIComponent(part)}`)];
  const path = `${await pathIn(scene, pod, 'exec')}${parts.join('&')}`;
  return talk(scene.connection, { path, ...talkers }, ending);
}

/** The phase of a Pod that nobody enters any more. */
export const endedPhase = ({ status }: Pod): string | undefined =>
  ['Succeeded', 'Failed'].find((phase) => phase === status?.phase);

/** Is the answer to an exec in a Pod that has ended. */
export const cannotEnter = (phase: string): Error =>
  new Error(`cannot exec into a container in a completed pod; current phase is ${phase}`);

/** Returns the path of a Pod, or of a subresource of it. */
export const pathIn = async (scene: Scene, { metadata }: Pod, sub?: string): Promise<string> =>
  pathOf(resourceNamed('pods', await scene.resources()), metadata.namespace, metadata.name, sub);

/** Opens the standard input where it is wanted; a terminal needs one at this end too. */
export function streamsOf(
  { io }: Pick<Scene, 'io'>,
  wanted: { stdin: boolean; tty: boolean },
  isQuiet = false,
): { input?: Input; tty: boolean } {
  if (!wanted.stdin) return { tty: false };
  const input = io.openInput();
  const tty = wanted.tty && Boolean(input.terminal);
  if (wanted.tty && !tty && !isQuiet)
    io.err('Unable to use a TTY - input is not a terminal or the right kind of file');
  return { input, tty };
}
