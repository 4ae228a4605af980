import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { isWindows, needs } from '../../test/support/needs.ts';
import { until } from '../../test/support/until.ts';

const { test } = needs(isWindows && 'there are no named pipes');
let folder: string;
let pipe: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-input-'));
  pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Hears signals as the command does, which then goes on until it has heard one. */
const program = `
  import { readInput } from ${JSON.stringify(join(import.meta.dirname, 'readInput.ts'))};
  const rest = setInterval(() => {}, 1000);
  process.on('SIGTERM', () => {
    console.log('heard');
    clearInterval(rest);
  });
  console.log('begun');
  console.log(readInput(process.argv[1]).toString());
`;

function start() {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, pipe]);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const hasSaid = (line: string) => until(line, () => said.split('\n').includes(line));
  return { child, hasSaid, ended: once(child, 'close') };
}

test('a pipe that says nothing is no longer waited for once a signal comes', async () => {
  const { child, hasSaid, ended } = start();
  await hasSaid('begun');
  // The first may come before it reads.
  await until('it is ended', () => {
    child.kill('SIGTERM');
    return child.signalCode !== null;
  });
  expect(await ended).toEqual([null, 'SIGTERM']);
});

test('what a pipe says is read, and signals are heard again', async () => {
  const { child, hasSaid, ended } = start();
  writeFileSync(pipe, 'from a pipe');
  await hasSaid('from a pipe');
  child.kill('SIGTERM');
  await hasSaid('heard');
  expect(await ended).toEqual([0, null]);
});
