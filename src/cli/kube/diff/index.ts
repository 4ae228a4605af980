import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyManifest, applyOnServer } from '../apply/index.ts';
import { isNotFound } from '../failure.ts';
import { type Manifest, readManifests } from '../manifests.ts';
import type { KubeObject } from '../objects.ts';
import { withoutManagedFields } from '../print/objects.ts';
import { yamlText } from '../print/values.ts';
import { getObject } from '../read.ts';
import type { Scene } from '../scene.ts';
import { masked } from './mask.ts';
import { compare } from './program.ts';

/** Shows what apply would change: 0 nothing, 1 something. */
export async function runDiff(scene: Scene): Promise<number> {
  const { call, io, namespace } = scene;
  const { manifests, problems } = await readManifests(call.texts('filename'), call.flag('recursive'), io, {
    resources: await scene.resources(),
    namespace,
    enforced: call.text('namespace') !== undefined,
  });
  if (problems[0]) throw problems[0];
  const folders: string[] = [];
  try {
    // Their names stand in what is shown.
    for (const name of ['LIVE', 'MERGED']) folders.push(await mkdtemp(join(tmpdir(), `${name}-`)));
    for (const manifest of manifests) await writeBoth(scene, manifest, folders);
    return await compare(folders as [string, string], io);
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}

async function writeBoth(scene: Scene, manifest: Manifest, folders: string[]): Promise<void> {
  const { connection } = scene;
  const { resource, namespace, object } = manifest;
  const { group, version, kind } = resource;
  const live = await getObject(connection, resource, namespace, object.metadata.name).catch((error) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const merged = await mergedOf(scene, manifest);
  const isSecret = kind === 'Secret' && version === 'v1';
  const both = isSecret ? masked(live, merged) : [live, merged];
  const file = [...(group ? [group] : []), version, kind, namespace ?? '', object.metadata.name].join('.');
  const isWhole = scene.call.flag('show-managed-fields');
  for (const [at, shown] of both.entries())
    await writeFile(
      join(folders[at]!, file),
      shown ? `${yamlText(isWhole ? shown : withoutManagedFields(shown))}\n` : '',
      {
        mode: 0o600,
      },
    );
}

/** The object as apply would leave it: the server says so, and writes nothing. */
async function mergedOf({ call, connection }: Scene, manifest: Manifest): Promise<KubeObject> {
  const options = {
    dryRun: 'server' as const,
    fieldManager: call.text('field-manager'),
    isOnlyCompared: true,
    warn: () => {},
  };
  const { object } = call.flag('server-side')
    ? await applyOnServer(connection, manifest, options, call.flag('force-conflicts'))
    : await applyManifest(connection, manifest, options);
  return object;
}
