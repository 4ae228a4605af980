import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { anyKubectl } from '../../tools/kubectl.ts';
import type { Operator } from '../../tools/operators/operator.ts';
import { work } from '../../tools/operators/run.ts';
import { isWindows, needs } from '../support/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-operators-end-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes its process id to a file of `folder` and stays. */
const staying = (name: string) => `echo $$ > ${join(folder, name)}; exec sleep 600`;
const idIn = (name: string) => Number(readFileSync(join(folder, name), 'utf8'));
const isWritten = (name: string) => {
  const file = join(folder, name);
  return existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');
};

const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
};

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'program', namespace: 'default' },
  spec: { template: { spec: { containers: [{}] } } },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'stays', namespace: 'default' },
  // Kubernetes makes one dollar of two.
  spec: {
    containers: [
      { name: 'c', image: 'none', command: ['sh', '-c', staying('pod').replace('$$', '$$$$$$$$')] },
    ],
  },
};

needs(isWindows || (!anyKubectl() && 'there is no kubectl')).test(
  'an operator whose story is broken off leaves neither its program nor Pods nor a control plane',
  async () => {
    const binary = join(folder, 'program.sh');
    writeFileSync(binary, `#!/bin/sh\n${staying('program')}\n`, { mode: 0o755 });
    let ran: boolean[] = [];
    const told = new AbortController();
    const operator: Operator = {
      name: 'endless',
      module: 'example.com/endless',
      program: 'example.com/endless',
      runtime: 'process',
      manifests: async () => JSON.stringify(deployment),
      flags: ({ folder }) => [folder],
      async story(kit) {
        await kit.apply(pod);
        await kit.until('its processes run', async () => isWritten('pod') && isWritten('program'));
        ran = [idIn('pod'), idIn('program')].map(isRunning);
        told.abort(new Error('broken off'));
        await kit.until('it is broken off', async () => false);
      },
    };
    const built = { source: folder, binaries: [binary], commands: new Map<string, string>() };
    await expect(work(operator, built, () => {}, told.signal)).rejects.toThrow();
    expect(ran).toEqual([true, true]);
    expect([idIn('pod'), idIn('program')].map(isRunning)).toEqual([false, false]);
  },
);
