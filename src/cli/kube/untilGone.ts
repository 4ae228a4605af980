import { type Address, stateOf } from './read.ts';
import { type Scene, secondsOf } from './scene.ts';

/** An object whose deletion has begun. */
export interface Going extends Address {
  uid: string | undefined;
}

/** Throws when --timeout is over before. */
export async function waitUntilGone(scene: Scene, going: Going[]): Promise<void> {
  const seconds = secondsOf(scene.call, 'timeout');
  const timeout = seconds ? AbortSignal.timeout(seconds * 1000) : new AbortController().signal;
  const signal = AbortSignal.any([timeout, scene.io.interrupted]);
  try {
    for (const one of going) await waitFor(scene, one, signal);
  } catch (error) {
    if (timeout.aborted) throw new Error('timed out waiting for the condition');
    throw error;
  }
}

/** Until the object is gone, or another one has its name. */
async function waitFor(
  { connection }: Scene,
  { resource, namespace, name, uid }: Going,
  signal: AbortSignal,
): Promise<void> {
  if (!['get', 'list', 'watch'].every((verb) => resource.verbs.includes(verb))) return;
  for await (const found of stateOf(connection, { resource, namespace, name }, signal))
    if (!found || (uid !== undefined && found.metadata.uid !== uid)) return;
}
