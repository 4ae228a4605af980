import type { Client } from '../client/client.ts';
import { isReason } from '../errors/apiError.ts';
import type { Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';

/** Describes what has to happen to an object so that it gives at least what is expected. */
export type Step<T> = { is: 'create' | 'update' | 'recreate'; object: T };

/** Takes the steps that lead from what is there to what is expected. */
export async function bring<T extends KubeObject>(
  client: Client,
  resource: Resource<T>,
  expected: readonly T[],
  stepFor: (expected: T, existing: T | undefined) => Step<T> | undefined,
): Promise<void> {
  const keyOf = ({ metadata: { namespace = '', name } }: T) => `${namespace}/${name}`;
  const there = new Map((await client.list(resource)).map((object) => [keyOf(object), object]));
  const { group, version, kind } = resource;
  const steps = expected.flatMap((object) => {
    const typed = { apiVersion: `${group}/${version}`, kind, ...object };
    return stepFor(typed, there.get(keyOf(object))) ?? [];
  });
  for (let i = 0; i < steps.length; i += atOnce)
    await Promise.all(steps.slice(i, i + atOnce).map((step) => take(client, resource, step)));
}

/** Says how many writes are under way together. */
const atOnce = 32;

/** Somebody else may be as quick, with the same in mind. */
async function take<T extends KubeObject>(client: Client, resource: Resource<T>, { is, object }: Step<T>) {
  const { namespace: place = '', name = '' } = object.metadata;
  if (is === 'update') return unlessSo(client.update(resource, object), 'Conflict', 'NotFound');
  if (is === 'recreate') await unlessSo(client.delete(resource, place, name), 'NotFound');
  await unlessSo(client.create(resource, object), 'AlreadyExists');
}

/** Waits for a write, and takes it for done where it was refused for one of these reasons. */
export async function unlessSo(
  work: Promise<unknown>,
  ...reasons: Parameters<typeof isReason>[1][]
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isReason(error, ...reasons)) throw error;
  }
}
