import { expect, test } from '@jest/globals';
import { checkOptions } from './options.ts';
import { configOf } from './start/inProcess.ts';
import type { ShallopOptions } from './types.ts';

test.each<{ options: object; error: string }>([
  { options: { runtme: 'fake' }, error: 'startShallop knows no option "runtme"; it knows runtime, process' },
  {
    options: { runtime: 'docker' },
    error: 'runtime must be one of fake, process, native, engine, auto, not "docker"',
  },
  { options: { process: 'child' }, error: 'process must be one of same, beside, not "child"' },
  { options: { port: 70_000 }, error: 'port must be a whole number from 0 to 65535, not 70000' },
  { options: { nodes: 0 }, error: 'nodes must be a whole number from 1 to 1000, not 0' },
  { options: { images: { a: '.' } }, error: "with the runtime fake none does: say runtime: 'process' too" },
])('$options is refused: $error', ({ options, error }) => {
  expect(() => checkOptions(options as ShallopOptions)).toThrow(error);
});

test("nobody's kubeconfig or data folder is touched, and Pods end with the control plane", () => {
  expect(configOf({ options: {}, folder: '/x', isTemporary: true })).toMatchObject({
    dataDir: '/x',
    kubeconfig: '/x/kubeconfig',
    bind: '127.0.0.1',
    port: 0,
    runtime: 'fake',
    stopPods: true,
  });
});
