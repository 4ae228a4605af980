import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { environment } from '../../src/aws/names.ts';
import { functionNames } from '../../src/aws/watched/index.ts';
import { bundleFunctions } from '../../tools/bundles.ts';
import { median } from '../load.ts';

export interface Bundle {
  name: string;
  kilobytes: number;
  gzipped: number;
  /** CPU time of the import, in a process of its own: the median of several. Others' load does not count. */
  initMs: number;
}

const runs = 5;
/** What Lambda has by itself, and what the stack gives to functions. */
const env = {
  PATH: process.env.PATH,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  ...Object.fromEntries(Object.values(environment).map((variable) => [variable, 'x'])),
  [environment.accessEntries]: '[]',
  [environment.podApiUrl]: 'https://x',
  [environment.zones]: 'subnet-x=us-east-1a',
  [environment.balancerZones]: 'subnet-x=us-east-1a',
  [environment.publicIp]: 'true',
  [environment.architecture]: 'arm64',
  [environment.podMetrics]: '60',
  // What a deployment sets that asks for it.
  [environment.featureGates]: '',
  [environment.runtimeConfig]: '',
  [environment.tokensSince]: '',
  [environment.auditLogGroup]: '',
};

const script = `
globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
const started = process.cpuUsage();
const { handler } = await import(process.argv[1]);
if (typeof handler !== 'function') throw new Error('no handler');
const { user, system } = process.cpuUsage(started);
console.log(JSON.stringify({ initMs: (user + system) / 1000 }));`;

/** Bundles every function as a deployment does, and starts each as Lambda would. */
export async function measureBundles(): Promise<Bundle[]> {
  const into = mkdtempSync(join(tmpdir(), 'shallop-bundles-'));
  const folders = await bundleFunctions(functionNames, into);
  const bundles = functionNames.map((name) => {
    const file = join(folders[name], 'index.mjs');
    const code = readFileSync(file);
    const times = Array.from({ length: runs }, () => initOf(file));
    return {
      name,
      kilobytes: Math.round(code.length / 1024),
      gzipped: Math.round(gzipSync(code).length / 1024),
      initMs: median(times),
    };
  });
  rmSync(into, { recursive: true });
  return bundles;
}

function initOf(file: string): number {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, file], {
    env,
    encoding: 'utf8',
  });
  return (JSON.parse(output.trim().split('\n').at(-1)!) as { initMs: number }).initMs;
}
