import { forEachChosen } from '../chosen.ts';
import { apiVersionOf, pathOf } from '../discovery.ts';
import { dryRunOf } from '../dryRun.ts';
import { isNotFound, report, ServerError } from '../failure.ts';
import { type Manifest, placed, readManifests } from '../manifests.ts';
import type { KubeObject } from '../objects.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { changeParameters, tellDone } from '../tell.ts';
import { madeBy } from './objects.ts';

/** Creates what files say, or what the words of the call name. */
export async function runCreate(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const files = call.texts('filename');
  if (files.length) {
    const place = await placeOf(scene);
    const { manifests, problems } = await readManifests(files, call.flag('recursive'), io, place);
    const failures = await forEachChosen(scene, manifests, async (manifest) => {
      await createManifest(scene, manifest).catch((error) => {
        throw error instanceof ServerError ? error.while('creating', manifest.source) : error;
      });
    });
    return report([...failures, ...problems]);
  }
  const [word, ...words] = call.positionals;
  if (word === 'token') return (await import('./token.ts')).createToken(scene, words);
  const { object, failed } = await madeBy(scene);
  await createOne(scene, object, 'shallop create').catch((error) => {
    if (!failed || !(error instanceof ServerError) || isNotFound(error)) throw error;
    throw new Error(`${failed} ${error.status.message}`);
  });
  return 0;
}

const placeOf = async ({ call, namespace, resources }: Scene) => ({
  resources: await resources(),
  namespace,
  enforced: call.text('namespace') !== undefined,
});

/** Creates an object that `source` says, and tells it unless it is to be quiet. */
export async function createOne(
  scene: Scene,
  object: KubeObject,
  source: string,
  { manager, isQuiet }: { manager?: string; isQuiet?: boolean } = {},
): Promise<KubeObject> {
  const { manifests, problems } = placed([object], source, await placeOf(scene));
  if (problems[0]) throw problems[0];
  return createManifest(scene, manifests[0]!, manager, isQuiet);
}

async function createManifest(
  scene: Scene,
  { resource, namespace, object }: Manifest,
  manager = 'kubectl-create',
  isQuiet = false,
): Promise<KubeObject> {
  const { call, connection } = scene;
  const parameters = { ...changeParameters(scene, manager), fieldValidation: 'Strict' };
  const path = `${pathOf(resource, namespace)}${query(parameters)}`;
  const isDry = dryRunOf(call) === 'client';
  const created = isDry
    ? unplaced(object, call.text('namespace') !== undefined)
    : await connection.json<KubeObject>({ method: 'POST', path, body: object });
  const made = { ...created, apiVersion: apiVersionOf(resource), kind: resource.kind };
  if (!isQuiet) tellDone(scene, resource, made, 'created');
  return made;
}

/** What is only shown has a namespace where one was asked for. */
function unplaced(object: KubeObject, isAsked: boolean): KubeObject {
  if (isAsked) return object;
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}
