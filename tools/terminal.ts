/**
 * npm run terminal: runs a session of the `shallop` command for real, in an empty home of its own, and draws what was
 * said, and when, as docs/images/terminal.svg, which plays it. Every command is in the picture as it is run, and it is run as an ordinary user:
 * by root as nobody. Needs curl.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleCommand } from './build.ts';
import { draw, type Line } from './terminalPicture.ts';
import { untilSignal } from './untilSignal.ts';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'images', 'terminal.svg');
/** Inside node_modules, so that the bundle finds the native module. */
const bin = join(root, 'node_modules', '.cache', 'shallop-terminal', 'shallop.js');
const example = 'examples/my-python-app';

/** What is typed once `shallop up` runs. ADDRESS is the Service's, as `get` has shown it. */
export const session = [
  `shallop image add my-python-app:latest ${example}/v1`,
  `shallop image add my-python-app:v2 ${example}/v2`,
  `shallop apply -f ${example}`,
  'shallop rollout status deployment/my-python-app',
  'shallop get pods,services',
  'curl -s http://ADDRESS/',
  'shallop logs deployment/my-python-app --tail=1',
  'shallop set image deployment/my-python-app my-python-app=my-python-app:v2',
  'shallop rollout status deployment/my-python-app',
  'curl -s http://ADDRESS/',
  'shallop delete deployment/my-python-app service/my-python-app-service',
  'shallop down',
];

/** Where a session is recorded: a home, and whoever it is that has nothing else. */
interface Stage {
  home: string;
  env: NodeJS.ProcessEnv;
  user: { uid?: number; gid?: number };
}

/** Runs it all; rejects at the first command that fails. Either way neither processes nor what is below `folder` is left. */
export async function record(commands = session, folder = tmpdir()): Promise<Line[]> {
  const stage = openStage(folder);
  const up = spawn(process.execPath, [bin, 'up'], { env: stage.env, cwd: root, ...stage.user });
  const ended = once(up, 'exit');
  try {
    return await untilSignal(() => play(stage, up, commands));
  } finally {
    up.kill('SIGTERM');
    await ended;
    // Pods outlive `up`: whatever still runs ends with the data folder.
    await run('shallop reset --yes', stage).catch(() => {});
    rmSync(stage.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function openStage(folder: string): Stage {
  const home = mkdtempSync(join(folder, 'shallop-terminal-'));
  const nobody = 65_534;
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (user.uid) chownSync(home, user.uid, user.gid);
  return { home, env: { PATH: process.env.PATH, HOME: home }, user };
}

async function play(stage: Stage, up: ReturnType<typeof spawn>, commands: string[]): Promise<Line[]> {
  const lines: Line[] = [];
  const begun = performance.now();
  const say = (text: string, isCommand = false) => {
    const atMs = Math.round(performance.now() - begun);
    for (const line of text.split('\n'))
      lines.push({ text: line.replaceAll(stage.home, '~').replaceAll(root, '~/shallop'), isCommand, atMs });
  };
  say('shallop up &', true);
  await ready(up, say);
  let address = '';
  for (const command of commands) {
    const typed = command.replace('ADDRESS', () => address);
    say(typed, true);
    const told = lines.length;
    let output = await run(typed, stage, say);
    // A Service gets its address a moment after its creation: while it is pending, look again.
    while (output.includes('<pending>')) {
      lines.length = told;
      output = await run(typed, stage, say);
    }
    address = addressIn(output) ?? address;
  }
  return lines;
}

/** What `up` prints after it is ready: commands that one may type next. */
const nextCommands = 3;

/** Resolves when all is printed that a start prints; what is printed later is said as it comes. */
async function ready(up: ReturnType<typeof spawn>, say: (line: string) => void): Promise<void> {
  const isReady = Promise.withResolvers<void>();
  let after: number | undefined;
  const onLine = (line: string) => {
    say(line);
    if (line.startsWith('ready ')) after = 0;
    else if (after !== undefined && ++after === nextCommands) isReady.resolve();
  };
  for (const stream of [up.stdout!, up.stderr!]) createInterface({ input: stream }).on('line', onLine);
  up.once('exit', (code) => isReady.reject(new Error(`shallop up ended with ${code}`)));
  up.once('error', isReady.reject);
  await isReady.promise;
}

/** The balancer's in the table of `get services`: where port 80 takes more rights, it is 127.0.0.1 with the node port. */
function addressIn(output: string): string | undefined {
  const [, address, nodePort] = /LoadBalancer +\S+ +(\d+\.\d+\.\d+\.\d+) +80:(\d+)\//.exec(output) ?? [];
  return address === '127.0.0.1' ? `${address}:${nodePort}` : address;
}

/** Runs a command to its end; `heard` is told of each line of it as it comes. Answers all of them. */
async function run(
  command: string,
  { env, user }: Stage,
  heard: (line: string) => void = () => {},
): Promise<string> {
  const [program = '', ...args] = command.split(' ');
  const [file, list] = program === 'shallop' ? [process.execPath, [bin, ...args]] : [program, args];
  const child = spawn(file, list, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], ...user });
  const ended = once(child, 'close');
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      heard(line);
    });
  const [code] = await ended;
  if (code !== 0) throw new Error(`${command}: ${said.join('\n')}`);
  return said.join('\n');
}

/** The command as it is packed, deleted again when the work has ended. */
export async function withCommand<T>(work: () => Promise<T>): Promise<T> {
  await bundleCommand(dirname(bin));
  try {
    return await work();
  } finally {
    rmSync(dirname(bin), { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  const lines = await withCommand(() => record());
  mkdirSync(dirname(picture), { recursive: true });
  writeFileSync(picture, draw(lines));
  for (const { text, isCommand } of lines) console.log(isCommand ? `$ ${text}` : text);
}
