/**
 * npm run terminal: runs a session of the `shallop` command for real, in an empty home of its own, and draws what was
 * said as docs/images/terminal.svg. Needs curl.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleCommand } from './build.ts';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs', 'images', 'terminal.svg');
/** Inside node_modules, so that the bundle finds the native module. */
const bin = join(root, 'node_modules', '.cache', 'shallop-terminal', 'shallop.js');
const example = 'examples/my-python-app';

interface Line {
  text: string;
  isCommand: boolean;
}

/** What is typed once `shallop up` runs. ADDRESS is that of the Service. */
const session = [
  `shallop image add my-python-app:latest ${example}`,
  `shallop image add my-python-app:v2 ${example}/v2`,
  `shallop apply -f ${example}/deployment.yaml -f ${example}/service.yaml`,
  'shallop rollout status deployment/my-python-app',
  'shallop get pods,services',
  'curl http://ADDRESS/',
  'shallop set image deployment/my-python-app my-python-app=my-python-app:v2',
  'shallop rollout status deployment/my-python-app',
  'curl http://ADDRESS/',
  'shallop logs deployment/my-python-app --tail=1',
  'shallop delete deployment/my-python-app service/my-python-app-service',
  'shallop down',
];

/** Runs it all; rejects at the first command that fails. */
async function record(): Promise<Line[]> {
  let address = '';
  const home = mkdtempSync(join(tmpdir(), 'shallop-terminal-'));
  const env = { PATH: process.env.PATH, HOME: home, SHALLOP_POD_NETWORK: 'loopback' };
  const lines: Line[] = [];
  const say = (text: string, isCommand = false) =>
    lines.push(
      ...text
        .split('\n')
        .map((line) => ({ text: line.replaceAll(home, '~').replaceAll(root, '~/shallop'), isCommand })),
    );
  try {
    say('shallop up &', true);
    const up = spawn(process.execPath, [bin, 'up', '--pod-network', 'loopback', '--stop-pods'], { env });
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: up.stdout }).on('line', (line) => {
        say(line);
        if (line.startsWith('ready ')) resolve();
      });
      up.once('exit', () => reject(new Error('shallop up ended')));
    });
    for (const command of session) {
      const typed = command.replace('ADDRESS', () => address);
      say(typed, true);
      const output = await run(typed, env);
      if (output) say(output);
      if (command.includes('rollout') && !address) address = await addressOf(env);
    }
    return lines;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A Service has its address a moment after it is there. */
async function addressOf(env: NodeJS.ProcessEnv): Promise<string> {
  const path = '-o=jsonpath={.status.loadBalancer.ingress[0].ip}:{.spec.ports[0].port}';
  for (;;) {
    const found = await run(`shallop get service my-python-app-service ${path}`, env);
    if (!found.startsWith(':')) return found.replace(/:80$/, '');
  }
}

function run(command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [program, ...args] = command.split(' ');
  const [file, list] =
    program === 'shallop' ? [process.execPath, [bin, ...args]] : [program!, ['-s', ...args]];
  return new Promise((resolve, reject) =>
    execFile(file, list, { cwd: root, env }, (error, stdout, stderr) =>
      error
        ? reject(new Error(`${command}: ${stderr || error.message}`))
        : resolve(`${stderr}${stdout}`.trimEnd()),
    ),
  );
}

const [lineHeight, charWidth, margin, top] = [18, 7.82, 16, 44];

/** A window with the lines in it. */
function draw(lines: Line[]): string {
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

if (import.meta.filename === process.argv[1]) {
  await bundleCommand(dirname(bin));
  const lines = await record();
  mkdirSync(dirname(picture), { recursive: true });
  writeFileSync(picture, draw(lines));
  for (const { text, isCommand } of lines) console.log(isCommand ? `$ ${text}` : text);
}
