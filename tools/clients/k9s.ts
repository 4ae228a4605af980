/**
 * node tools/clients/k9s.ts: builds k9s, unmodified, of its Go module and has it work with a control plane of this checkout as a
 * person does, by keys and by what the screen shows. Needs Go with the module proxy or a cache of it, and `script` of
 * util-linux; says so and does nothing where one of them is missing. See docs/clients.md.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ControlPlane } from '../../examples/demo/server.ts';
import { freePort } from '../freePort.ts';
import { untilSignal } from '../untilSignal.ts';
import { ask, onStage } from './stage.ts';
import { Session } from './terminal/session.ts';

const run = promisify(execFile);
const module = 'github.com/derailed/k9s';
const version = 'v0.50.16';
const cache = join(import.meta.dirname, '../../.cache/clients');

const [back, enter, tab, controlD] = ['\x1b', '\r', '\t', '\x04'];
/** Says something each second and serves a page. */
const ticker = `setInterval(() => console.log('tick ' + Date.now()), 1000);
require('http').createServer((_, answer) => answer.end('a page of the Pod')).listen(8080)`;
const podsView = /pods\(default\)/i;

try {
  await main();
} catch (error) {
  console.error(`k9s: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const program = await built().catch((error: { code?: string; stderr?: string; message: string }) => {
    const why = error.code === 'ENOENT' ? 'Go is not installed' : (error.stderr ?? error.message).trim();
    return console.log(`k9s was not tried: ${why.split('\n').at(-1)}`);
  });
  if (!program) return;
  try {
    await run('script', ['--version']);
  } catch {
    return console.log('k9s was not tried: there is no script of util-linux');
  }
  await onStage('k9s', ticker, async (plane, folder) => {
    await untilSignal(() => prepare(plane, folder));
    const env = { ...process.env, HOME: folder, KUBECONFIG: plane.kubeconfig };
    const log = join(folder, 'k9s.log');
    const k9s = new Session(`${program} --logFile ${log} -c pods -n default`, env);
    try {
      await untilSignal(() => story(k9s, plane));
    } finally {
      await k9s.end();
    }
  });
}

/** @returns where it is. */
async function built(): Promise<string> {
  const folder = join(cache, version);
  const program = join(folder, 'k9s');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  await run('go', ['version']);
  console.log(`building ${module} ${version}`);
  await run('nice', ['-n', '10', 'go', 'install', '-ldflags', '-s -w', `${module}@${version}`], {
    env,
    maxBuffer: 64 << 20,
  });
  return program;
}

/** A Deployment of two Pods. */
async function prepare(plane: ControlPlane, folder: string): Promise<void> {
  const labels = { app: 'tick' };
  const manifest = join(folder, 'tick.json');
  await writeFile(
    manifest,
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'tick', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              { name: 'ticker', image: 'ticker:1', ports: [{ name: 'web', containerPort: 8080 }] },
            ],
          },
        },
      },
    }),
  );
  await ask(plane, 'apply', '-f', manifest);
}

async function story(k9s: Session, plane: ControlPlane): Promise<void> {
  const step = async (what: string, keys: string, wanted: RegExp) => {
    k9s.type(keys);
    const screen = await k9s.sees(wanted);
    console.log(`  ${what}`);
    return screen;
  };
  const listed = await step(
    'lists Pods as they become ready',
    '',
    /tick-\S+ .*1\/1 +Running[\s\S]*1\/1 +Running/,
  );
  const first = /tick-[\w-]+/.exec(listed)![0];
  await step('describes one', 'd', /Describe[\s\S]*Service Account: +default/);
  await step('goes back', back, podsView);
  await step('follows its log', 'l', /tick \d{13}/);
  await step('goes back', back, podsView);
  await step('opens a shell in it', 's', /K9s-Shell/);
  await step('reads what the shell answers', `echo shell-$((40+2))${enter}`, /shell-42/);
  await step('goes back', `exit${enter}`, podsView);
  const port = await freePort();
  await step('offers to forward a port', 'F', /Local Port/);
  // Down to the local port, whose proposal is taken away.
  await step('takes one', `${tab}${'\x7f'.repeat(6)}${port}${tab}${tab}${enter}`, podsView);
  await served(port);
  console.log('  forwards it');
  await step('sees what Pods use', ':pulses\r', /Cpu[\s\S]*Memory/);
  await step('goes back', `:pods${enter}`, podsView);
  await step('draws what a Deployment has', `:xray deploy${enter}`, /deployments\(1\)[\s\S]*tick/i);
  await step('goes back', `:pods${enter}`, podsView);
  await step('asks before it deletes', controlD, /Delete/);
  await step('deletes', `${tab}${enter}`, podsView);
  await gone(plane, first);
  await step(
    'sees its successor',
    '',
    new RegExp(`^(?![\\s\\S]*${first})[\\s\\S]*1/1 +Running[\\s\\S]*1/1 +Running`),
  );
}

async function served(port: number): Promise<void> {
  for (let left = 100; ; left--) {
    const text = await fetch(`http://127.0.0.1:${port}`).then(
      (answer) => answer.text(),
      () => '',
    );
    if (text === 'a page of the Pod') return;
    if (!left) throw new Error('the forwarded port does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function gone(plane: ControlPlane, name: string): Promise<void> {
  for (let left = 100; (await ask(plane, 'get', 'pods')).includes(name); left--) {
    if (!left) throw new Error(`${name} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
