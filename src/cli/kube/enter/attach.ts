import { containerNames, defaultContainerOf, type Pod } from '../pods.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { pathIn, streamsOf } from './exec.ts';
import { podOf } from './podOf.ts';
import { talk } from './talk.ts';

/** Joins the program of a container that runs: shows what it prints from now on, and types into it if that is asked for. */
export async function runAttach(scene: Scene): Promise<number> {
  const { call } = scene;
  const { positionals } = call;
  if (!positionals.length) throw new Error('at least 1 argument is required for attach');
  if (positionals.length > 2)
    throw new Error(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${positionals.length}: [${positionals.join(' ')}]`,
    );
  const { pod } = await podOf(scene, positionals.join('/'));
  return attachTo(scene, pod, call.text('container'));
}

/** The same for a Pod that is known. */
export async function attachTo(scene: Scene, pod: Pod, asked?: string): Promise<number> {
  const { call, io } = scene;
  const { phase } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed')
    throw new Error(`cannot attach a container in a completed pod; current phase is ${phase}`);
  const isQuiet = call.flag('quiet');
  const container = containerIn(pod, asked, isQuiet ? () => {} : io.err);
  const hasTty = Boolean(containersOf(pod).find(({ name }) => name === container)?.tty);
  if (call.flag('tty') && !hasTty && !isQuiet)
    io.err(`error: Unable to use a TTY - container ${container} did not allocate one`);
  const { input, tty } = streamsOf(scene, { stdin: call.flag('stdin'), tty: hasTty }, isQuiet);
  const wanted = { container, stdin: Boolean(input), stdout: true, stderr: !tty, tty };
  if (!isQuiet) for (const line of notes) io.err(line);
  const path = `${await pathIn(scene, pod, 'attach')}${query(wanted)}`;
  const { write: stdout, writeError: stderr } = io;
  return talk(scene.connection, { path, ...(input && { input }), tty, stdout, stderr }, io);
}

const notes = [
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.',
  "If you don't see a command prompt, try pressing enter.",
];

const containersOf = ({ spec }: Pod): { name: string; tty?: boolean }[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []),
  ...(spec.ephemeralContainers ?? []),
];

function containerIn(pod: Pod, asked: string | undefined, tell: (line: string) => void): string {
  if (asked === undefined) return defaultContainerOf(pod, tell);
  if (containerNames(pod).includes(asked)) return asked;
  throw new Error(`cannot attach to the container: container ${asked} not found in pod ${pod.metadata.name}`);
}
