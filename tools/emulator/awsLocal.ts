/**
 * npm run aws:local: the control plane on AWS's services, on this machine. It stays in the background; `--down`
 * destroys the deployment and ends it. Other arguments: `--name local`, `--port 4566`.
 */
import { fork } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kubeconfigOf } from './awsKubeconfig.ts';
import { everythingOf } from './leftovers.ts';
import { openLocalCloud } from './localCloud.ts';
import { progressOf } from './progress.ts';

const repository = resolve(import.meta.dirname, '../..');
const folder = join(repository, '.cache', 'aws-local');
const stateFile = join(folder, 'state.json');
const kubeconfig = join(folder, 'kubeconfig');
const log = join(folder, 'log');

interface State {
  pid: number;
  name: string;
  endpoint: string;
}
type Message = { say: string } | { ready: State } | { failed: string } | { destroyed: string[] };

const { values } = parseArgs({
  options: {
    name: { type: 'string', default: 'local' },
    port: { type: 'string', default: '4566' },
    down: { type: 'boolean' },
    serve: { type: 'boolean' },
  },
});

if (values.serve) await serve();
else process.exitCode = values.down ? await down() : await up();

/** Starts the process that stays, and tells what it does until it is ready. */
async function up(): Promise<number> {
  const running = stateNow();
  if (running) {
    console.log(`It runs already (process ${running.pid}): npm run aws:local -- --down ends it.`);
    return usage(running);
  }
  mkdirSync(folder, { recursive: true });
  const child = fork(import.meta.filename, ['--serve', '--name', values.name, '--port', values.port], {
    detached: true,
    stdio: 'ignore',
  });
  return new Promise((done) => {
    child.once('exit', () => done(1));
    child.on('message', (message: Message) => {
      if ('say' in message) console.log(message.say);
      if ('failed' in message) console.error(`${message.failed}\nMore in ${log}`);
      if (!('ready' in message)) return;
      child.removeAllListeners();
      child.disconnect();
      child.unref();
      done(usage(message.ready));
    });
  });
}

function usage({ endpoint }: State): number {
  console.log(`
The control plane runs on ${endpoint}.

  export KUBECONFIG=${kubeconfig}
  kubectl get namespaces
  kubectl apply -f examples/my-python-app

Tasks are records here, no containers: see docs/aws.md. The log is ${log}.
  npm run aws:local -- --down   destroys it, with nothing left`);
  return 0;
}

/** Asks the process that stays to destroy the deployment and to end. */
async function down(): Promise<number> {
  const running = stateNow();
  if (!running) {
    console.log('It does not run.');
    return 0;
  }
  console.log(`destroying shallop-${running.name}`);
  process.kill(running.pid, 'SIGTERM');
  const started = performance.now();
  const progress = setInterval(
    () => console.log(`  … ${Math.round((performance.now() - started) / 1000)} s`),
    5_000,
  );
  while (isAlive(running.pid)) await new Promise((resolve) => setTimeout(resolve, 100));
  clearInterval(progress);
  const left = existsSync(stateFile) ? readFileSync(stateFile, 'utf8') : '[]';
  rmSync(stateFile, { force: true });
  const found: string[] = JSON.parse(left);
  console.log(found.length ? `left:\n${found.join('\n')}` : 'nothing is left');
  return found.length ? 1 : 0;
}

async function serve(): Promise<void> {
  const lines = createWriteStream(log);
  const tell = (message: Message) => process.connected && process.send?.(message);
  const progress = progressOf({
    say: (line) => tell({ say: line }),
    now: () => performance.now(),
    every: (milliseconds, call) => {
      const timer = setInterval(call, milliseconds);
      return { stop: () => clearInterval(timer) };
    },
  });
  // The CDK's outputs, warnings and hints are about an account: they are in the log, and only its count is told.
  const say = (line: string) => {
    lines.write(`${line}\n`);
    progress.line(line);
  };
  const step = (what: string) => {
    lines.write(`${what}\n`);
    progress.step(what);
  };
  try {
    const cloud = await openLocalCloud({ name: values.name, port: Number(values.port), say, step });
    progress.end();
    writeFileSync(kubeconfig, kubeconfigOf(cloud), { mode: 0o600 });
    const state = { pid: process.pid, name: cloud.name, endpoint: cloud.endpoint };
    writeFileSync(stateFile, JSON.stringify(state));
    process.once('SIGTERM', async () => {
      let left: string[];
      try {
        await cloud.destroy();
        left = await everythingOf(cloud.name);
      } catch (error) {
        left = [`what the destroy did not reach: ${(error as Error).message}`];
      }
      writeFileSync(stateFile, JSON.stringify(left));
      await cloud.close();
      process.exit();
    });
    tell({ ready: state });
  } catch (error) {
    say((error as Error).stack ?? String(error));
    tell({ failed: (error as Error).message });
    process.exit(1);
  }
}

function stateNow(): State | undefined {
  if (!existsSync(stateFile)) return undefined;
  const state: State = JSON.parse(readFileSync(stateFile, 'utf8'));
  return isAlive(state.pid) ? state : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
