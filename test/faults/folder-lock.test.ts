import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { needs } from '../support/needs.ts';
import { openPlane, type Plane, shallopCommand } from '../support/plane.ts';

const namespaces = ['unshare', '--net', '--pid', '--uts', '--mount-proc', '--fork', '--kill-child'];
const canUnshare = spawnSync(namespaces[0]!, [...namespaces.slice(1), 'true']).status === 0;
const { test: inContainers } = needs(!canUnshare && 'no namespaces can be made here');

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('folder-lock');
});
afterAll(() => plane.close());

/** Starts a second control plane as another container would, and answers what it said when it ended. */
function startElsewhere(): string {
  const up = [shallopCommand, 'up', '--data-dir', plane.dataDir, '--runtime', 'fake'];
  const command = `hostname other; ip link set lo up; exec "$0" "$@" --port 0 --kubeconfig ${plane.folder}/other`;
  const { stderr } = spawnSync(
    namespaces[0]!,
    [...namespaces.slice(1), 'sh', '-c', command, process.execPath, ...up],
    { encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' },
  );
  return stderr;
}

inContainers(
  'A6: a control plane in other namespaces is refused by the name of the one that has the folder',
  async () => {
    await plane.start('--runtime', 'fake');
    const said = startElsewhere();
    const name = execFileSync('hostname', { encoding: 'utf8' }).trim();
    expect(said).toMatch(
      new RegExp(`is in use by another control plane \\(pid ${plane.child!.pid} on ${name}, https://`),
    );
    expect(await plane.shallop('status')).toMatch(/ready +yes/);
  },
);

inContainers('A6: a killed holder frees the folder for every namespace', async () => {
  await plane.kill();
  await plane.start('--runtime', 'fake');
  expect(await plane.shallop('status')).toMatch(/ready +yes/);
});
