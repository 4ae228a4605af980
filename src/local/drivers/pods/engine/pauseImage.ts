import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { EngineError } from './client.ts';
import type { Engine } from './find.ts';
import { pauseProgram } from './pauseProgram.ts';
import { carryOut } from './progress.ts';

/** For architectures without a program of ours. */
const upstream = 'registry.k8s.io/pause:3.10';
const own = 'localhost/shallop-pause:1';

/** Brings the image of the containers that keep Pods' namespaces into the engine, if it is not there. Answers its name. */
export async function providePause({ client, architecture }: Engine): Promise<string> {
  const program = pauseProgram(architecture);
  const name = program ? own : upstream;
  try {
    await client.ask('GET', `/images/${name}/json`);
    return name;
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
  }
  if (program)
    await carryOut(client, '/images/load', {
      query: { quiet: true },
      archive: await archiveOf(program, architecture),
    });
  else await carryOut(client, '/images/create', { query: { fromImage: name } });
  await client.ask('GET', `/images/${name}/json`);
  return name;
}

/** Returns what `docker load` takes: an image of one file. */
async function archiveOf(program: Buffer, architecture: string): Promise<Buffer> {
  const layer = await tar([{ name: 'pause', mode: 0o755, content: program }]);
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: { Entrypoint: ['/pause'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const names = { Config: `${sha256(config)}.json`, RepoTags: [own], Layers: ['layer.tar'] };
  return tar([
    { name: names.Config, content: config },
    { name: 'layer.tar', content: layer },
    { name: 'manifest.json', content: JSON.stringify([names]) },
  ]);
}

function tar(files: { name: string; mode?: number; content: Buffer | string }[]): Promise<Buffer> {
  const archive = pack();
  for (const { name, mode = 0o644, content } of files)
    archive.entry({ name, mode, mtime: new Date(0) }, content);
  archive.finalize();
  return buffer(archive as unknown as Readable);
}

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
