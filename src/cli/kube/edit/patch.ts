import { isDeepStrictEqual } from 'node:util';
import { compactJson } from '../../../shared/kinds/printing/json.ts';
import { typeNameOf } from '../../../shared/kinds/schema/facts.ts';
import { type Json, threeWayPatch } from '../apply/threeWay.ts';
import { pathOf, resourceName } from '../discovery.ts';
import { ServerError } from '../failure.ts';
import { documentsIn, itemsOf } from '../manifests.ts';
import type { KubeObject } from '../objects.ts';
import { withoutManagedFields } from '../print/objects.ts';
import { type Address, query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { tellDone } from '../tell.ts';
import { validationOf } from '../validation.ts';
import type { Reason } from './text.ts';

/** An object as it was when the editor was opened. */
export interface Original extends Address {
  object: KubeObject;
}

/** Is what came of a text that was edited. */
export interface Outcome {
  /** Why it has to be edited again; what was valid is changed already. */
  reasons: Reason[];
  /** A refusal that editing does not help; the last of several. */
  failed?: ServerError;
}

/** Changes the objects that an edited text speaks of. Throws when it speaks of others. */
export async function patchEdited(scene: Scene, originals: Original[], text: string): Promise<Outcome> {
  let objects: KubeObject[];
  try {
    objects = documentsIn(text, 'edited-file').flatMap((value) => objectsOf(value as KubeObject));
  } catch (error) {
    const what = whatOf(originals[0]!);
    scene.io.err(`error: ${what} is invalid`);
    const why = `<nil>: Invalid value: "The edited file failed validation": ${(error as Error).message}`;
    return { reasons: [{ head: `${what} was not valid`, causes: [why] }] };
  }
  refuseOtherNamespace(scene, objects);
  const outcome: Outcome = { reasons: [] };
  for (const edited of objects) {
    const original = originals.find(({ object }) => object.metadata.uid === edited.metadata?.uid);
    if (!original)
      throw new Error(
        `no original object found for ${edited.kind} ${edited.metadata?.name} (uid ${edited.metadata?.uid})`,
      );
    try {
      await patchOne(scene, original, edited);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      outcome.failed = refused(scene, original, error, outcome.reasons) ?? outcome.failed;
    }
  }
  return outcome;
}

function objectsOf(value: KubeObject): KubeObject[] {
  if (typeof value !== 'object') throw new Error('invalid object to validate');
  for (const field of ['apiVersion', 'kind']) if (!value[field]) throw new Error(`${field} not set`);
  return itemsOf(value, 'edited-file');
}

const whatOf = ({ resource, name }: Original): string => `${resourceName(resource)} ${JSON.stringify(name)}`;

function refuseOtherNamespace({ namespace }: Scene, objects: KubeObject[]): void {
  for (const { metadata } of objects)
    if (metadata?.namespace && metadata.namespace !== namespace)
      throw new Error(
        `the namespace from the provided object "${metadata.namespace}" does not match the namespace "${namespace}". You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
      );
}

async function patchOne(scene: Scene, original: Original, edited: KubeObject): Promise<void> {
  const { call, io, connection } = scene;
  const { resource, namespace, name } = original;
  const before = withoutManagedFields(original.object);
  if (isDeepStrictEqual(before, edited)) return tellDone(scene, resource, edited, 'skipped', '');
  const isSame = ['apiVersion', 'kind'].every((key) => before[key] === edited[key]);
  if (!isSame || before.metadata.name !== edited.metadata.name)
    throw new Error('At least one of apiVersion, kind and name was changed');
  const typeName = typeNameOf(resource.group, resource.version, resource.kind);
  const patch = threeWayPatch(before as Json, edited as Json, before as Json, typeName);
  if (call.flag('output-patch')) io.out(`Patch: ${compactJson(patch)}`);
  const parameters = {
    fieldManager: call.text('field-manager') ?? 'kubectl-edit',
    fieldValidation: validationOf(call.text('validate') ?? 'strict'),
  };
  original.object = await connection.json<KubeObject>({
    method: 'PATCH',
    path: `${pathOf(resource, namespace, name, call.text('subresource'))}${query(parameters)}`,
    type: typeName ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json',
    body: patch,
  });
  tellDone(scene, resource, original.object, 'edited', '');
}

/** Tells a refusal, and keeps why the text has to be edited again. Answers one that editing does not help. */
function refused(
  { io }: Scene,
  original: Original,
  error: ServerError,
  reasons: Reason[],
): ServerError | undefined {
  const what = whatOf(original);
  const { code, message, details } = error.status;
  if (error.reason === 'Invalid') {
    const causes = (details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
    reasons.push({ head: `${what} was not valid`, causes });
    io.err(`error: ${what} is invalid`);
    return undefined;
  }
  io.err(
    code === 404
      ? `error: ${what} could not be found on the server`
      : `error: ${what} could not be patched: ${message}`,
  );
  return error;
}
