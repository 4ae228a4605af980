import { stat } from 'node:fs/promises';
import { expect, jest, test } from '@jest/globals';
import type { ControlPlane } from '../../examples/demo/server.ts';

const folders: string[] = [];
const stop = jest.fn(async () => {});
jest.unstable_mockModule('../../examples/demo/server.ts', () => ({
  startControlPlane: async (folder: string): Promise<Partial<ControlPlane>> => {
    folders.push(folder);
    const shallop = async () => {
      throw new Error('no image');
    };
    return { output: [], kubeconfig: '', shallop, stop };
  },
}));
const { work } = await import('../../tools/operators/run.ts');

test('nothing is left of a control plane to which no image can be added', async () => {
  const operator = {
    name: 'none',
    module: 'example.com/none',
    program: 'none',
    runtime: 'process' as const,
    flags: () => [],
    manifests: async () => '',
    story: async () => {},
  };
  const built = { source: '', binaries: [], commands: new Map<string, string>() };
  await expect(work(operator, built, () => {}, new AbortController().signal)).rejects.toThrow('no image');
  expect(stop).toHaveBeenCalledTimes(1);
  await expect(stat(folders[0]!)).rejects.toThrow('ENOENT');
});
