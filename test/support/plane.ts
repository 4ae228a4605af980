import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { giveInput } from '../../examples/demo/giveInput.ts';
import { repository } from '../../examples/demo/server.ts';
import { freePort } from '../../tools/freePort.ts';
import { childOf, type Machine } from './machine.ts';
import { addPrograms } from './programs.ts';

/** The command that tests run; `SHALLOP_BIN` is another build to try, such as that of the commit on which docs/findings.md saw the tests fail. */
export const shallopCommand = process.env.SHALLOP_BIN ?? join(repository, 'bin', 'shallop.js');

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** A process of a Pod. */
export interface PodProcess {
  pid: number;
  /** The Pod's uid. */
  uid: string;
  /** The container's program itself, neither its wrapper nor what it started. */
  main: boolean;
}

/** A `shallop up` in a temporary folder that can be stopped, killed and started again as often as one likes. */
export interface Plane {
  folder: string;
  dataDir: string;
  kubeconfig: string;
  imageMap: string;
  /** What the current `shallop up` printed. */
  output: string[];
  child: ChildProcess | undefined;
  /**
   * Starts it on the same folder and waits for the line that says ready. Rejects with what it said when it ends. The
   * first start chooses a port that planes of other tests do not take while this one is stopped, as they would 6443.
   */
  start(...flags: string[]): Promise<void>;
  /** SIGTERM, and waits for its end; answers the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** Another verb of `shallop` on this data folder; rejects unless it exits with 0. */
  shallop(...args: string[]): Promise<string>;
  /** Living processes of Pods of this data folder (Linux only). */
  processes(): PodProcess[];
  /** Kills what is left and deletes the folder. */
  close(): Promise<void>;
}

/** `images`: shell programs by image name. `user`: whom it runs as, where only root can say so. `machine`: on which it is started. */
export async function openPlane(
  name: string,
  images: Record<string, string> = {},
  user?: { uid: number; gid: number },
  machine?: Machine,
): Promise<Plane> {
  const folder = mkdtempSync(join(tmpdir(), `shallop-${name}-`));
  if (user) chownSync(folder, user.uid, user.gid);
  const dataDir = join(folder, 'data');
  const plane: Plane = {
    folder,
    dataDir,
    kubeconfig: join(folder, 'kubeconfig'),
    imageMap: join(dataDir, 'images.json'),
    output: [],
    child: undefined,
    async start(...flags) {
      const first = plane.child ? [] : ['--port', `${await freePort()}`];
      const where = ['--data-dir', dataDir, '--kubeconfig', plane.kubeconfig, ...first];
      const words = [process.execPath, shallopCommand, 'up', ...where, ...defaults(flags)];
      const [program = '', ...args] = [...(machine?.words(user) ?? []), ...words];
      const child = spawn(program, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...(user && { HOME: folder, XDG_RUNTIME_DIR: undefined }) },
        ...(!machine && user),
      });
      plane.child = child;
      plane.output = [];
      await ready(child, plane.output);
    },
    async stop() {
      const { child } = plane;
      if (!child) return null;
      await ended(child, 'SIGTERM', machine && childOf);
      return child.exitCode;
    },
    kill: async () => plane.child && ended(plane.child, 'SIGKILL', machine && childOf),
    async shallop(...args) {
      const words = [shallopCommand, args[0]!, '--data-dir', dataDir, ...args.slice(1)];
      const said = await execute(process.execPath, words, process.env, undefined, user);
      if (said.code !== 0) throw new Error(`shallop ${args.join(' ')}: ${said.stdout}${said.stderr}`);
      return said.stdout;
    },
    processes: () => processesOf(dataDir),
    async close() {
      await plane.kill();
      for (let left = plane.processes(); left.length; left = plane.processes()) {
        for (const { pid } of left) killQuietly(pid);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      for (const pid of holdersOf(dataDir)) killQuietly(pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  if (Object.keys(images).length) await addPrograms(plane.imageMap, folder, images);
  return plane;
}

/** Runs a program to its end, whatever its exit code; kills it after `timeout` ms. `heard` is told of its output as it comes. */
export const execute = (
  program: string,
  args: string[],
  env: Record<string, string | undefined> = process.env,
  input?: string,
  user?: { uid: number; gid: number },
  timeout = 120_000,
  heard: (text: string) => void = () => {},
): Promise<Said> =>
  new Promise((resolve) => {
    const options = { env, cwd: repository, maxBuffer: 64 << 20, timeout, ...user };
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr }),
    );
    child.stdout?.on('data', heard);
    giveInput(child, input);
  });

/** kubectl against a plane: `k('get', 'pods')` answers what it printed and rejects when it fails. */
export function kubectlFor(kubectl: string, plane: Plane) {
  const raw = (args: string[], input?: string, heard?: (text: string) => void) => {
    const env = { ...process.env, KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: join(plane.folder, 'cache') };
    return execute(kubectl, args, env, input, undefined, undefined, heard);
  };
  const k = async (...args: string[]) => {
    const said = await raw(args);
    if (said.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${said.stdout}${said.stderr}`);
    return said.stdout.trim();
  };
  /** A command left to run, and what it has printed so far. */
  const begin = (...args: string[]) => {
    const said = { stdout: '', over: Promise.resolve({} as Said) };
    said.over = raw(args, undefined, (text) => {
      said.stdout += text;
    });
    return said;
  };
  const apply = async (objects: object[], ...flags: string[]) => {
    const documents = objects.map((each) => JSON.stringify(each)).join('\n---\n');
    const said = await raw(['apply', ...flags, '-f', '-'], documents);
    if (said.code !== 0) throw new Error(`kubectl apply: ${said.stdout}${said.stderr}`);
    return said.stdout.trim();
  };
  const json = async (...args: string[]) => JSON.parse(await k(...args, '-o', 'json'));
  return { k, raw, begin, apply, json };
}

/** Loopback addresses for Pods everywhere, unless SHALLOP_POD_NETWORK says otherwise. */
function defaults(flags: string[]): string[] {
  const add = (flag: string, value: string) => (flags.includes(flag) ? [] : [flag, value]);
  return [...add('--pod-network', process.env.SHALLOP_POD_NETWORK ?? 'loopback'), ...flags];
}

function ready(child: ChildProcess, output: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      output.push(line);
      if (line.startsWith('ready ')) resolve();
    });
    createInterface({ input: child.stderr! }).on('line', (line) => output.push(line));
    child.once('close', (code) => reject(new Error(`shallop up ended with ${code}:\n${output.join('\n')}`)));
  });
}

/**
 * Sends the signal to a process that still runs, and waits for its end and that of its output. `inner`: which process is meant where
 * this one only waits for another.
 */
export async function ended(
  child: ChildProcess,
  signal: NodeJS.Signals,
  inner?: (pid: number) => number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'close');
  if (inner) process.kill(inner(child.pid!), signal);
  else child.kill(signal);
  await exit;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

function processesOf(dataDir: string): PodProcess[] {
  if (!existsSync('/proc')) return [];
  const containers = join(dataDir, 'pods', 'containers');
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const run = /(?:^|\0)SHALLOP_RUN=([^\0]*)/.exec(textOf(`/proc/${entry}/environ`))?.[1];
      if (!run?.startsWith(`${containers}/`)) return [];
      const main = textOf(join(run, 'main')).split(' ')[0] === entry;
      return [{ pid: Number(entry), uid: run.slice(containers.length + 1).split('/')[0]!, main }];
    });
}

/** What keeps the pipes of runs that have ended, for a control plane that does not come. */
const holdersOf = (dataDir: string): number[] =>
  (existsSync('/proc') ? readdirSync('/proc') : [])
    .filter((entry) => /^\d+$/.test(entry) && linkOf(`/proc/${entry}/fd/1`).startsWith(`${dataDir}/`))
    .map(Number);

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
