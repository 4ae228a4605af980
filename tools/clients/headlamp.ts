/**
 * node tools/clients/headlamp.ts [FOLDER]: builds Headlamp, its front end and its server, unmodified, and looks at a control
 * plane of this checkout with it in Debian's Chromium, as a person does. FOLDER is a checkout of Headlamp; without one it is
 * cloned. Needs Go, npm and Chromium; says so and does nothing where one of them is missing. See docs/clients.md.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import type { ControlPlane } from '../../examples/demo/server.ts';
import { freePort } from '../freePort.ts';
import { untilSignal } from '../untilSignal.ts';
import { ask, onStage } from './stage.ts';

const run = promisify(execFile);
const source = 'https://github.com/headlamp-k8s/headlamp';
const version = 'v0.30.0';
const cache = join(import.meta.dirname, '../../.cache/clients');
const browser = '/usr/bin/chromium';
const patienceMs = 60_000;
/** Says something each second. */
const ticker = "setInterval(() => console.log('tick ' + Date.now()), 1000)";
const pod = /^tick-\w+-\w+$/;

try {
  await main();
} catch (error) {
  console.error(`headlamp: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  if (!existsSync(browser)) return console.log('Headlamp was not tried: Chromium is not installed');
  const built = await build().catch((error: { stderr?: string; message: string }) =>
    console.log(`Headlamp was not tried: ${(error.stderr || error.message).trim().split('\n').at(-1)}`),
  );
  if (!built) return;
  await onStage('headlamp', ticker, async (plane, folder) => {
    await untilSignal(() => prepare(plane, folder));
    const port = await freePort();
    const server = serve(built, plane, folder, port);
    const address = `http://127.0.0.1:${port}`;
    try {
      await untilSignal(async () => {
        await knowsCluster(address);
        await look(address, plane);
      });
    } finally {
      if (server.exitCode === null && server.kill()) await once(server, 'exit');
    }
  });
}

interface Built {
  server: string;
  pages: string;
}

/** Headlamp's pages take some minutes to build, once, and 2.5 GB of memory. */
async function build(): Promise<Built> {
  const given = process.argv[2];
  const checkout = given ? resolve(given) : join(cache, `headlamp-${version}`);
  if (!existsSync(checkout)) {
    await mkdir(cache, { recursive: true });
    await run('git', ['clone', '--quiet', '--depth', '1', '--branch', version, source, checkout]);
  }
  const { stdout: commit } = await run('git', ['describe', '--tags', '--always'], { cwd: checkout });
  console.log(`Headlamp ${commit.trim()}`);
  const server = join(checkout, 'headlamp-server');
  const env = { ...process.env, GOTOOLCHAIN: 'local', CGO_ENABLED: '0' };
  if (!existsSync(server))
    await timed('server', 'go', ['build', '-ldflags', '-s -w', '-o', server, './cmd'], {
      ...{ env, cwd: join(checkout, 'backend') },
    });
  const frontend = join(checkout, 'frontend');
  const pages = join(frontend, 'build');
  if (!existsSync(join(pages, 'index.html'))) {
    await timed('packages', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: frontend });
    await run('node', ['make-env.js'], { cwd: frontend });
    await timed('pages', 'npx', ['vite', 'build'], { cwd: frontend });
  }
  return { server, pages };
}

async function timed(what: string, program: string, args: string[], options: object): Promise<void> {
  const from = performance.now();
  await run('nice', ['-n', '10', program, ...args], { maxBuffer: 64 << 20, ...options });
  console.log(`  built: ${what} (${Math.round((performance.now() - from) / 1000)} s)`);
}

function serve(built: Built, { kubeconfig }: ControlPlane, folder: string, port: number): ChildProcess {
  const flags = {
    kubeconfig,
    'html-static-dir': built.pages,
    'listen-addr': '127.0.0.1',
    port: `${port}`,
    // A folder of its own: pages are loaded again whenever something in it changes.
    'plugins-dir': join(folder, 'plugins'),
  };
  return spawn(
    built.server,
    Object.entries(flags).flatMap(([name, value]) => [`-${name}`, value]),
    { stdio: 'ignore', env: { ...process.env, HOME: folder } },
  );
}

/** Waits until Headlamp's server has read the kubeconfig. */
async function knowsCluster(address: string): Promise<void> {
  for (const end = Date.now() + patienceMs; ; await sleep(100)) {
    const config = await fetch(`${address}/config`).then(
      (answer) => answer.text(),
      () => '',
    );
    if (config.includes('"name":"shallop"')) return;
    if (Date.now() > end) throw new Error(`its server does not answer: ${config}`);
  }
}

/** A Deployment of one Pod. */
async function prepare(plane: ControlPlane, folder: string): Promise<void> {
  await mkdir(join(folder, 'plugins'));
  await ask(plane, 'create', 'deployment', 'tick', '--image=ticker:1');
  await ask(plane, 'rollout', 'status', 'deployment/tick');
}

async function look(address: string, plane: ControlPlane): Promise<void> {
  const chrome = await chromium.launch({
    executablePath: browser,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await chrome.newPage({ viewport: { width: 1360, height: 900 } });
    page.setDefaultTimeout(patienceMs);
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
    await story(page, address, plane);
    console.log(`  by WebSockets: ${[...new Set(sockets)].sort().join(', ')}`);
    if (process.env.SHALLOP_PICTURES)
      await page.screenshot({ path: join(process.env.SHALLOP_PICTURES, 'headlamp.png') });
  } catch (error) {
    if (process.env.SHALLOP_PICTURES)
      for (const page of chrome.contexts()[0]?.pages() ?? [])
        await page.screenshot({ path: join(process.env.SHALLOP_PICTURES, 'headlamp-failed.png') });
    throw error;
  } finally {
    await chrome.close();
  }
}

async function story(page: Page, address: string, plane: ControlPlane): Promise<void> {
  const at = (place: string) => page.goto(`${address}/c/shallop/${place}`);
  const did = (what: string) => console.log(`  ${what}`);
  const pods = page.getByRole('link', { name: pod });
  const count = async (wanted: number) => {
    for (const end = Date.now() + patienceMs; (await pods.count()) !== wanted; ) {
      if (Date.now() > end) throw new Error(`there are ${await pods.count()} Pods in sight, not ${wanted}`);
      await sleep(100);
    }
  };
  await at('pods');
  await count(1);
  await page.getByText('Running').first().waitFor();
  did('lists Pods');
  await ask(plane, 'scale', 'deployment/tick', '--replicas=3');
  await count(3);
  did('sees two more as they come, without being loaded again');

  await at('deployments/default/tick');
  await page.getByRole('button', { name: 'Scale' }).click();
  await page.getByRole('button', { name: 'Decrement' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await count(2);
  if (!/^tick +2\/2 /m.test(await ask(plane, 'get', 'deployment', 'tick')))
    throw new Error('it has not been scaled');
  did('scales a Deployment by its button, and sees a Pod go');

  await pods.first().click();
  await page.getByRole('button', { name: 'Show Logs' }).click();
  await page
    .getByText(/tick \d{13}/)
    .first()
    .waitFor();
  did("follows a Pod's log");

  await page.getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('button', { name: 'Terminal / Exec' }).click();
  const terminal = page.locator('.xterm-rows');
  await terminal
    .getByText(/[#$]\s*$/)
    .first()
    .waitFor();
  await terminal.click();
  await page.keyboard.type('echo shell-$((40+2))\n');
  await terminal
    .getByText(/^shell-42/)
    .first()
    .waitFor();
  await page.keyboard.type('exit\n');
  did('opens a shell in it, and reads what the shell answers');

  const name = new URL(page.url()).pathname.split('/').at(-1)!;
  await at(`pods/default/${name}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await at('pods');
  await page.getByRole('link', { name }).waitFor({ state: 'detached' });
  await count(2);
  did('deletes it, and sees its successor');
}
