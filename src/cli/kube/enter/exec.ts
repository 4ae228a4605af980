import type { Input } from '../../verb.ts';
import { pathOf } from '../discovery.ts';
import { defaultContainerOf, type Pod } from '../pods.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { podOf } from './podOf.ts';
import { talk } from './talk.ts';

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
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new Error(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const isQuiet = call.flag('quiet');
  const container = call.text('container') ?? defaultContainerOf(pod, isQuiet ? () => {} : io.err);
  const { input, tty } = streamsOf(scene, { stdin: call.flag('stdin'), tty: call.flag('tty') }, isQuiet);
  const wanted = { container, stdin: Boolean(input), stdout: true, stderr: !tty, tty };
  const parts = [query(wanted), ...command.map((part) => `command=${encodeURIComponent(part)}`)];
  const path = `${await pathIn(scene, pod, 'exec')}${parts.join('&')}`;
  const { write: stdout, writeError: stderr } = io;
  const code = await talk(scene.connection, { path, ...(input && { input }), tty, stdout, stderr }, io);
  if (code) io.err(`command terminated with exit code ${code}`);
  return code;
}

/** Returns the path of a subresource of a Pod. */
export const pathIn = async (scene: Scene, { metadata }: Pod, sub: string): Promise<string> =>
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
