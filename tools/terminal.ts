/**
 * npm run terminal: runs a session of the `shallop` command for real, in an empty home of its own, and draws what was
 * said as docs/images/terminal.svg. Every command is in the picture as it is run, and it is run as an ordinary user:
 * by root as nobody. Needs curl.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleCommand } from './build.ts';
import { untilSignal } from './untilSignal.ts';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'images', 'terminal.svg');
/** Inside node_modules, so that the bundle finds the native module. */
const bin = join(root, 'node_modules', '.cache', 'shallop-terminal', 'shallop.js');
const example = 'examples/my-python-app';

interface Line {
  text: string;
  isCommand: boolean;
}

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
  const say = (text: string, isCommand = false) =>
    lines.push(
      ...text.split('\n').map((line) => ({
        text: line.replaceAll(stage.home, '~').replaceAll(root, '~/shallop'),
        isCommand,
      })),
    );
  say('shallop up &', true);
  await ready(up, say);
  let address = '';
  for (const command of commands) {
    const typed = command.replace('ADDRESS', () => address);
    say(typed, true);
    let output = await run(typed, stage);
    // A Service gets its address a moment after its creation: while it is pending, look again.
    while (output.includes('<pending>')) output = await run(typed, stage);
    address = addressIn(output) ?? address;
    if (output) say(output);
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

function run(command: string, { env, user }: Stage): Promise<string> {
  const [program = '', ...args] = command.split(' ');
  const [file, list] = program === 'shallop' ? [process.execPath, [bin, ...args]] : [program, args];
  return new Promise((resolve, reject) =>
    execFile(file, list, { cwd: root, env, ...user }, (error, stdout, stderr) =>
      error
        ? reject(new Error(`${command}: ${stderr || error.message}`))
        : resolve(`${stderr}${stdout}`.trimEnd()),
    ),
  );
}

const [lineHeight, charWidth, margin, top] = [18, 7.82, 16, 44];

const columnsOfWindow = 118;

/** As a window of that width shows it. */
const wrapped = ({ text, isCommand }: Line): Line[] =>
  (text.match(new RegExp(`.{1,${columnsOfWindow}}`, 'g')) ?? ['']).map((part, at) => ({
    text: part,
    isCommand: isCommand && at === 0,
  }));

/** A window with the lines in it. */
function draw(said: Line[]): string {
  const lines = said.flatMap(wrapped);
  const columns = Math.max(...lines.map(({ text }) => text.length + 2));
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = top + lines.length * lineHeight + margin;
  const rows = lines.map(({ text, isCommand }, at) => {
    const y = top + at * lineHeight + 10;
    const prompt = isCommand ? '<tspan class="p">$ </tspan>' : '';
    return `<text x="${margin}" y="${y}"${isCommand ? ' class="c"' : ''} xml:space="preserve">${prompt}${escaped(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal session with shallop">
<style>text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#c9d1d9}.c{fill:#fff;font-weight:600}.p{fill:#3fb950}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${['#ff5f57', '#febc2e', '#28c840'].map((colour, at) => `<circle cx="${margin + 4 + at * 18}" cy="18" r="6" fill="${colour}"/>`).join('')}
${rows.join('\n')}
</svg>
`;
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

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
