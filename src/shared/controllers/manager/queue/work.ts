import type { Controller, ObjectKey, WorkKey } from '../../controller.ts';

/**
 * Describes what a message says: this controller shall look at this key. Level-based, so a message may come twice,
 * late, out of order or together with another of its kind, and a lost one is made good by the resync.
 */
export interface Work extends WorkKey {
  controller: string;
  /** Asks for everything that `controller.always()` names; only a process with the cloud ports knows what that is. */
  always?: true;
  /** Says when what caused it happened: milliseconds since the epoch. */
  since?: number;
}

/** Controllers by what they may touch: each group has its function and its role. */
export type Group = NonNullable<Controller['group']>;

/** Returns the group in whose function and with whose rights a controller runs. */
export const groupOf = ({ group = 'workloads' }: Pick<Controller, 'group'>): Group => group;

/** Equal for messages that ask for the same. */
export const workId = ({ controller, cluster, namespace, name, always }: Work): string =>
  `${controller}|${always ? '*' : ''}|${cluster}|${namespace}|${name}`;

/** Makes the message that has a controller reconcile one object. `since` is in milliseconds since the epoch. */
export const workFor = (
  { name: controller }: Controller,
  cluster: string,
  { namespace, name }: ObjectKey,
  since?: number,
): Work => ({ controller, cluster, namespace, name, ...(since !== undefined && { since }) });

/** Makes the message that has a controller reconcile whatever its `always()` names. */
export const alwaysWork = ({ name: controller }: Controller, cluster: string): Work => ({
  controller,
  cluster,
  namespace: '',
  name: '',
  always: true,
});

/** Writes a message as `decodeWork` reads it. */
export const encodeWork = (work: Work): string => JSON.stringify(work);

/** Returns undefined when the text is not a message of ours: a queue's content is untrusted input. */
export function decodeWork(text: string): Work | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { controller, cluster, namespace, name, always, since } = value as Record<keyof Work, unknown>;
  const texts = [controller, cluster, namespace, name];
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  return {
    controller: controller as string,
    cluster: cluster as string,
    namespace: namespace as string,
    name: name as string,
    ...(always === true && { always }),
    ...(typeof since === 'number' && { since }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
