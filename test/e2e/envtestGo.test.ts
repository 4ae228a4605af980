import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { assetsIn } from '../support/environment.ts';
import { needs } from '../support/needs.ts';

const folder = join(import.meta.dirname, '../envtest/go');
/** The compiler takes minutes where nothing is cached. */
const limitMs = 900_000;
/** Another version of Go than the one that is installed would be downloaded. */
const env = { ...process.env, GOTOOLCHAIN: 'local' };

/** Files that name the newest and the oldest controller-runtime. */
const modules = ['go.mod', 'oldest.mod'];

/** It compiles for minutes, which is for the gate and not for everybody's run. */
function obstacle(): string | undefined {
  if (!process.env.SHALLOP_GO_TESTS) return 'SHALLOP_GO_TESTS=1 is not set';
  const go = (...args: string[]) =>
    spawnSync('go', args, { cwd: folder, env, timeout: 120_000, stdio: 'ignore' }).status === 0;
  if (!go('version')) return 'Go is not installed';
  const isThere = modules.every((file) => go('list', `-modfile=${file}`, '-deps', '-test', '.'));
  return isThere ? undefined : 'Go is too old, or cannot get controller-runtime';
}

const { test } = needs(obstacle());

let cache: string;
let assets: string;
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'shallop-envtest-go-'));
  assets = await assetsIn(cache);
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

async function goTest(file: string, controllers = ''): Promise<string> {
  const args = ['test', `-modfile=${file}`, '-p=1', '-vet=off', '-count=1', '-v', '.'];
  const given = { ...env, KUBEBUILDER_ASSETS: assets, SHALLOP_CONTROLLERS: controllers };
  const options = { cwd: folder, env: given, maxBuffer: 64 << 20 };
  try {
    return (await promisify(execFile)('go', args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`.split('\n').slice(-80).join('\n'));
  }
}

test.each([
  { file: 'go.mod', controllers: '' },
  { file: 'go.mod', controllers: 'garbage' },
  { file: 'oldest.mod', controllers: '' },
])(
  'an operator leads, owns, finishes and is asked by admission ($file, controllers: "$controllers")',
  async ({ file, controllers }) => {
    expect(await goTest(file, controllers)).toMatch(/^--- PASS: TestOperator/m);
  },
  limitMs,
);
