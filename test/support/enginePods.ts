import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { pack } from 'tar-stream';
import { type Engine, findEngine, openEnginePods } from '../../src/local/drivers/pods/engine/index.ts';
import { carryOut } from '../../src/local/drivers/pods/engine/progress.ts';
import { programsLayer } from './images/layers.ts';
import { type Bench, benchOn } from './processPods.ts';
import { programs } from './programs.ts';

/** Why no engine is tried here, or the engine. */
export async function engineOrObstacle(): Promise<Engine | string> {
  if (!process.env.SHALLOP_ENGINE_TESTS)
    return 'containers are made in an engine only with SHALLOP_ENGINE_TESTS=1 (tools/engines/start.sh starts one)';
  return findEngine({ ...process.env, HOME: homedir() }).catch((error: Error) => error.message);
}

const tools = [
  ...[
    'sh',
    'cat',
    'cut',
    'env',
    'grep',
    'head',
    'hostname',
    'id',
    'ls',
    'mount',
    'ps',
    'sleep',
    'stat',
    'stty',
  ],
  ...['tail', 'touch', 'tr', 'wc'],
];

/** Brings the programs of the contract suites into an engine as images, and `tools:v1` and `tools:app`, unless they are there. */
export async function loadPrograms({ client }: Engine): Promise<void> {
  const layer = await programsLayer(
    [...tools, process.execPath],
    [
      { name: 'var/run', type: 'symlink', linkname: '/run' },
      { name: 'etc/shipped', content: 'shipped' },
    ],
  );
  const digest = createHash('sha256').update(layer).digest('hex');
  const mark = `shallop-test-programs:${digest.slice(0, 12)}`;
  const isThere = await client.ask('GET', `/images/localhost/${mark}/json`).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const path = 'PATH=/bin';
  const tool = { Cmd: ['sh', '-c', 'echo from the image'], Env: [path, 'A=image'], WorkingDir: '/work' };
  const configs: [string, object][] = [
    ...Object.entries(programs).map(([name, script]): [string, object] => [
      `${name}:latest`,
      { Cmd: ['sh', '-c', script], Env: [path] },
    ]),
    ['tools:v1', tool],
    ['tools:app', { ...tool, User: 'app', StopSignal: 'SIGUSR1' }],
    [`localhost/${mark}`, tool],
  ];
  await loadImages(client, layer, configs);
}

/** Brings images of one layer into an engine, by name and configuration. */
export async function loadImages(
  client: Engine['client'],
  layer: Buffer,
  configs: [string, object][],
): Promise<void> {
  const digest = createHash('sha256').update(layer).digest('hex');
  const archive = archiveOf(layer, digest, configs);
  await carryOut(client, '/images/load', { query: { quiet: true }, archive });
}

/** What `docker save` writes of several images that share their only layer. */
function archiveOf(layer: Buffer, digest: string, configs: [string, object][]) {
  const archive = pack();
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const manifest = configs.map(([name, config]) => {
    const rootfs = { type: 'layers', diff_ids: [`sha256:${digest}`] };
    // Podman builds on nothing whose history does not tell of each layer.
    const history = [{ created: '2026-01-01T00:00:00Z', created_by: 'a layer of a test' }];
    const text = JSON.stringify({ os: 'linux', architecture, config, rootfs, history });
    const Config = `${createHash('sha256').update(text).digest('hex')}.json`;
    archive.entry({ name: Config }, text);
    return { Config, RepoTags: [name], Layers: ['layer.tar'] };
  });
  archive.entry({ name: 'layer.tar' }, layer);
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream as never;
}

export const openEngineBench = (engine: Engine): Promise<Bench> =>
  benchOn(tmpdir(), (options) => openEnginePods({ ...options, engine }));

/** The names of an engine's containers that belong to a data folder below `folder`. */
export async function ownContainers({ client }: Engine, folder: string): Promise<string[]> {
  const label = 'dev.shallop.folder';
  const all = await client.ask<{ Names: string[]; Labels: Record<string, string> }[]>(
    'GET',
    '/containers/json',
    {
      query: { all: true, filters: JSON.stringify({ label: [label] }) },
    },
  );
  return all.filter(({ Labels }) => Labels[label]?.startsWith(`${folder}/`)).flatMap(({ Names }) => Names);
}
