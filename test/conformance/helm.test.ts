import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';

const run = promisify(execFile);
const chart = join(import.meta.dirname, 'testdata', 'chart');

// Helm 4 applies on the server, Helm 3 sends patches of its own.
describe.each<[string, ToolVersion]>([
  ['4', 'v35'],
  ['3', 'v32'],
])('Helm %s', (_, version) => {
  const helm = packagedTool('helm', version);
  const kubectl = packagedTool('kubectl', version);
  if (!helm || !kubectl) {
    needs(noTool(undefined)).test('a real helm', () => {});
    return;
  }
  let folder: string;
  let plane: ControlPlane;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-helm-'));
    plane = await startControlPlane(folder, '--runtime', 'fake');
  });

  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (tool: string, ...args: string[]) =>
    (await run(tool, args, { env: { HOME: folder, KUBECONFIG: plane.kubeconfig } })).stdout;
  const wait = ['--wait', '--timeout', '60s'];
  const image = () =>
    ask(
      kubectl,
      'get',
      'deployment',
      'r',
      '-o',
      'jsonpath={.spec.replicas} {..containers[0].image} {.status.readyReplicas}',
    );

  test('installs, upgrades, rolls back and uninstalls a release', async () => {
    expect(await ask(helm, 'install', 'r', chart, ...wait)).toContain('STATUS: deployed');
    expect(await image()).toBe('2 web:1 2');
    await ask(helm, 'upgrade', 'r', chart, '--set', 'replicas=3,image=web:2', ...wait);
    expect(await image()).toBe('3 web:2 3');
    await ask(helm, 'rollback', 'r', '1', ...wait);
    expect(await image()).toBe('2 web:1 2');
    const history = JSON.parse(await ask(helm, 'history', 'r', '-o', 'json')) as { description: string }[];
    expect(history.map(({ description }) => description)).toEqual([
      'Install complete',
      'Upgrade complete',
      'Rollback to 1',
    ]);
    expect(await ask(helm, 'uninstall', 'r', '--wait')).toContain('uninstalled');
    expect(
      await ask(
        kubectl,
        'get',
        'deployments,services',
        '-l',
        'app.kubernetes.io/managed-by=Helm',
        '-o',
        'name',
      ),
    ).toBe('');
  });

  test('B1: a chart with a kind that is not served says so and changes nothing; once it is served all of it comes', async () => {
    const mixed = join(folder, 'mixed');
    mkdirSync(join(mixed, 'templates'), { recursive: true });
    writeFileSync(join(mixed, 'Chart.yaml'), 'apiVersion: v2\nname: mixed\nversion: 1.0.0\n');
    writeFileSync(join(mixed, 'templates', 'map.yaml'), document('v1', 'ConfigMap', 'served'));
    writeFileSync(
      join(mixed, 'templates', 'note.yaml'),
      document('notes.example.com/v1', 'Note', 'unserved'),
    );
    await expect(ask(helm, 'install', 'mixed', mixed)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no matches for kind "Note" in version "notes.example.com/v1"'),
    });
    expect(await ask(kubectl, 'get', 'configmap', 'served', '--ignore-not-found')).toBe('');
    mkdirSync(join(mixed, 'crds'));
    writeFileSync(join(mixed, 'crds', 'notes.json'), JSON.stringify(notes));
    expect(await ask(helm, 'install', 'mixed', mixed, ...wait)).toContain('STATUS: deployed');
    expect(await ask(kubectl, 'get', 'configmap/served', 'note/unserved', '-o', 'name')).toBe(
      'configmap/served\nnote.notes.example.com/unserved\n',
    );
  });
});

const document = (apiVersion: string, kind: string, name: string) =>
  JSON.stringify({ apiVersion, kind, metadata: { name } });

const notes = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'notes.notes.example.com' },
  spec: {
    group: 'notes.example.com',
    scope: 'Namespaced',
    names: { plural: 'notes', singular: 'note', kind: 'Note' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
