import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { isOnPath } from '../../tools/onPath.ts';
import { needs } from '../support/needs.ts';
import { execute, openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';

// Compiling takes some minutes where nothing of it is there yet, so it is done only when it is asked for.
const obstacle =
  (!process.env.SHALLOP_RUST_TESTS && 'SHALLOP_RUST_TESTS=1 is not set') ||
  (!isOnPath('cargo') && 'no cargo here');
const { test } = needs(obstacle);
const project = join(repository, 'test', 'clients', 'kube-rs');
const target = join(repository, '.cache', 'kube-rs');
const minutes = 60_000;

let plane: Plane;
beforeAll(async () => {
  if (obstacle) return;
  const manifest = ['--manifest-path', join(project, 'Cargo.toml'), '--target-dir', target];
  const built = await execute(
    'cargo',
    ['build', '--quiet', '--locked', ...manifest],
    process.env,
    '',
    undefined,
    30 * minutes,
  );
  if (built.code) throw new Error(built.stderr);
  plane = await openPlane('kube-rs', programs);
  await plane.start();
}, 31 * minutes);
afterAll(() => plane?.close());

test('kube-rs: definitions, a controller with finalizers, owned objects and scale; reflectors, logs, exec', async () => {
  const environment = { ...process.env, KUBECONFIG: plane.kubeconfig };
  const { code, stdout, stderr } = await execute(join(target, 'debug', 'shallop-kube-rs'), [], environment);
  const steps = ['definition', 'reconcile', 'scale', 'owned', 'finalizer', 'reflector', 'exec', 'pod'];
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: steps.map((step) => `ok ${step}\n`).join(''),
    stderr: '',
  });
});
