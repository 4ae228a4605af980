import { ApiError } from '../../errors/apiError.ts';
import type { Definition } from '../../kinds/custom/definition.ts';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { WebhookConversion } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { AnyObject } from '../../meta/object.ts';

/**
 * Asks the conversion webhook of a definition: sends it a ConversionReview with these objects, answers what came back
 * in the same order. Throws an Error in words for people when it cannot be reached, refuses, or answers rubbish.
 */
export type AskConversion = (
  webhook: WebhookConversion,
  desiredApiVersion: string,
  objects: AnyObject[],
) => Promise<AnyObject[]>;

/** The objects in another version of their definition. Throws InternalError, as a real server words it. */
export async function converted(
  objects: AnyObject[],
  version: string,
  { group, names, load }: Definition,
  ask: AskConversion | undefined,
): Promise<AnyObject[]> {
  const [first] = objects;
  if (!first) return [];
  const failed = (why: string) =>
    new ApiError(
      'InternalError',
      `conversion webhook for ${first.apiVersion}, Kind=${names.kind} failed: ${why}`,
    );
  const { webhook } = load().spec.conversion ?? {};
  if (!ask || !webhook) throw failed('this server does not call conversion webhooks');
  const desired = apiVersionOf({ group, version });
  let answers: AnyObject[];
  try {
    answers = await ask(webhook, desired, objects);
  } catch (error) {
    throw failed((error as Error).message);
  }
  if (answers.length !== objects.length)
    throw failed(`the webhook returned ${answers.length} objects, expected ${objects.length}`);
  return answers.map((answer, i) => checked(answer, objects[i]!, desired, failed));
}

const fixed = ['name', 'namespace', 'uid'] as const;

/** A conversion may change labels and annotations, and nothing else of the metadata. */
function checked(
  answer: AnyObject,
  given: AnyObject,
  desired: string,
  failed: (why: string) => ApiError,
): AnyObject {
  if (answer?.apiVersion !== desired || answer.kind !== given.kind)
    throw failed(
      `invalid converted object: expected ${desired}, Kind=${given.kind}, got ${answer?.apiVersion}, Kind=${answer?.kind}`,
    );
  for (const field of fixed)
    if (!isSame(answer.metadata?.[field], given.metadata[field]))
      throw failed(`must have the same ${field}: ${answer.metadata?.[field]} != ${given.metadata[field]}`);
  const { labels, annotations } = answer.metadata;
  const metadata = { ...given.metadata, labels, annotations };
  if (!labels) delete metadata.labels;
  if (!annotations) delete metadata.annotations;
  return { ...answer, metadata };
}
