import { ApiError } from '../../errors/apiError.ts';
import type { Definition } from '../../kinds/custom/definition.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { WebhookConversion } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';

/**
 * Asks the conversion webhook of a definition: sends it a ConversionReview with these objects, answers what came back
 * in the same order. Throws an Error in words for people when it cannot be reached, refuses, or answers rubbish.
 */
export type AskConversion = (cluster: string, ...asked: Parameters<Ask>) => ReturnType<Ask>;

/** The same within a logical cluster. */
export type Ask = (
  webhook: WebhookConversion,
  desiredApiVersion: string,
  objects: AnyObject[],
) => Promise<AnyObject[]>;

/** The objects in another version of their definition. Throws Unknown (500), as a real server words it. */
export async function converted(
  objects: AnyObject[],
  version: string,
  { group, names, load }: Definition,
  ask: Ask | undefined,
): Promise<AnyObject[]> {
  const [first] = objects;
  if (!first) return [];
  const wrong = (what: string) =>
    new ApiError('Unknown', `conversion webhook for ${first.apiVersion}, Kind=${names.kind} ${what}`);
  const { webhook } = load().spec.conversion ?? {};
  if (!ask || !webhook) throw wrong('failed: this server does not call conversion webhooks');
  const desired = apiVersionOf({ group, version });
  let answers: AnyObject[];
  try {
    answers = await ask(webhook, desired, objects);
  } catch (error) {
    throw wrong(`failed: ${(error as Error).message}`);
  }
  if (answers.length !== objects.length)
    throw wrong(`returned ${answers.length} objects, expected ${objects.length}`);
  return answers.map((answer, i) => {
    const given = objects[i]!;
    const why = problemOf(answer, given, desired);
    if (why?.of === 'version') throw wrong(`returned invalid object at index ${i}: ${why.text}`);
    if (why) throw wrong(`returned invalid ${why.of}: ${why.text}`);
    return withMetadataOf(answer, given);
  });
}

/** One object in another version: by its webhook, else with nothing but its name changed. */
export async function inVersion(
  object: AnyObject,
  to: Kind,
  definition: Definition,
  ask: Ask | undefined,
): Promise<AnyObject> {
  const apiVersion = apiVersionOf(to);
  if (object.apiVersion === apiVersion) return object;
  const [made] =
    definition.conversion === 'Webhook'
      ? await converted([object], to.version, definition, ask)
      : [{ ...object, apiVersion }];
  return to.schema.decode(made);
}

interface Problem {
  of: 'version' | 'object' | 'metadata';
  text: string;
}

function problemOf(answer: AnyObject, given: AnyObject, desired: string): Problem | undefined {
  if (answer?.apiVersion !== desired)
    return {
      of: 'version',
      text: `invalid groupVersion (expected ${desired}, received ${answer?.apiVersion ?? ''})`,
    };
  if (answer.kind !== given.kind)
    return { of: 'version', text: `invalid kind (expected ${given.kind}, received ${answer.kind ?? ''})` };
  const { name = '', namespace = '', uid = '' } = answer.metadata ?? {};
  const { name: ownName = '', namespace: ownNamespace = '', uid: ownUid = '' } = given.metadata;
  const differ = (field: string, wanted: string, found: string) =>
    wanted === found
      ? undefined
      : ({ of: 'object', text: `must have the same ${field}: ${wanted} != ${found}` } as const);
  return (
    differ('name', ownName, name) ??
    differ('namespace', ownNamespace, namespace) ??
    differ('UID', ownUid, uid) ??
    (answer.metadata ? undefined : { of: 'metadata', text: 'missing metadata in converted object' })
  );
}

/** A conversion may change labels and annotations, and nothing else of the metadata. */
function withMetadataOf(answer: AnyObject, given: AnyObject): AnyObject {
  const { labels, annotations } = answer.metadata;
  const metadata = { ...given.metadata, ...(labels && { labels }), ...(annotations && { annotations }) };
  if (!labels) delete metadata.labels;
  if (!annotations) delete metadata.annotations;
  return { ...answer, metadata };
}
