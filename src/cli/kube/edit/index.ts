import { Failure } from '../../verb.ts';
import { chosenObjects } from '../chosen.ts';
import { isNotFound } from '../failure.ts';
import type { KubeObject } from '../objects.ts';
import { withoutManagedFields } from '../print/objects.ts';
import { jsonText, yamlText } from '../print/values.ts';
import { type Address, getObject, listObjects } from '../read.ts';
import type { Scene } from '../scene.ts';
import { targetsOf } from '../targets.ts';
import { discard, editText, tellKept } from './editor.ts';
import { type Original, type Outcome, patchEdited } from './patch.ts';
import { headerOf, isEmpty, type Reason, saysTheSame, withoutComments } from './text.ts';

/** Lets the user change objects in an editor, again and again while the server finds them invalid. */
export async function runEdit(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const isJson = call.text('output') === 'json';
  const originals = await originalsOf(scene);
  if (!originals.length) throw new Error('edit cancelled, no objects found');
  const original = textOf(originals, isJson);
  let reasons: Reason[] = [];
  let last: { text: string; file: string } | undefined;
  for (;;) {
    const text = last ? withoutComments(last.text) : original;
    const edited = await editText(
      `${isJson ? '' : headerOf(reasons)}${text}`,
      isJson ? '.json' : '.yaml',
      io,
    ).catch((error) => keeping(scene, last?.file, error));
    await discard(last?.file);
    if (last && saysTheSame(last.text, edited.text))
      return keeping(scene, edited.file, new Error('Edit cancelled, no valid changes were saved.'));
    if (saysTheSame(original, edited.text) || isEmpty(edited.text)) {
      await discard(edited.file);
      io.err(`Edit cancelled, ${isEmpty(edited.text) ? 'saved file was empty' : 'no changes made'}.`);
      return 0;
    }
    const outcome = await patchEdited(scene, originals, edited.text).catch((error) =>
      keeping(scene, edited.file, error),
    );
    if (outcome.failed) throw afterwards(outcome.failed, edited.file);
    if (!outcome.reasons.length) {
      await discard(edited.file);
      return 0;
    }
    reasons = outcome.reasons;
    last = edited;
  }
}

/** Every object that the call names or chooses; without a name all of a type. */
async function originalsOf(scene: Scene): Promise<Original[]> {
  const { call, connection, namespace } = scene;
  const subresource = call.text('subresource');
  if (call.texts('filename').length) {
    const { chosen, problems } = await chosenObjects(scene);
    if (problems.length) throw problems[0];
    return Promise.all(chosen.map(async (one) => ({ ...one, object: await objectAt(scene, one) })));
  }
  const found: Original[] = [];
  for (const { resource, name } of targetsOf(call.positionals, await scene.resources())) {
    const within = resource.namespaced ? namespace : undefined;
    if (name !== undefined) {
      const address = { resource, namespace: within, name };
      found.push({ ...address, object: await objectAt(scene, address) });
    } else if (!subresource) {
      const { items } = await listObjects(connection, resource, { namespace: within });
      for (const object of items)
        found.push({ resource, namespace: object.metadata.namespace, name: object.metadata.name, object });
    }
  }
  return found;
}

const objectAt = ({ call, connection }: Scene, { resource, namespace, name }: Address): Promise<KubeObject> =>
  getObject(connection, resource, namespace, name, call.text('subresource'));

function textOf(originals: Original[], isJson: boolean): string {
  const plain = originals.map(({ object }) => withoutManagedFields(object));
  const value =
    plain.length === 1 ? plain[0] : { apiVersion: 'v1', items: plain, kind: 'List', metadata: {} };
  return `${isJson ? jsonText(value) : yamlText(value)}\n`;
}

/** Throws an error, after telling where the user's text is. */
function keeping({ io }: Scene, file: string | undefined, error: unknown): never {
  if (file) tellKept(file, io);
  throw error;
}

function afterwards(failed: NonNullable<Outcome['failed']>, file: string): Failure {
  return new Failure(
    isNotFound(failed)
      ? `The edits you made on deleted resources have been saved to ${JSON.stringify(file)}`
      : `You can run \`kubectl replace -f ${file}\` to try this update again.`,
  );
}
