import { type Address, stateOf } from './read.ts';
import { type Scene, secondsOf, within } from './scene.ts';

/** An object whose deletion has begun. */
export interface Going extends Address {
  uid: string | undefined;
}

/** Throws when --timeout is over before. */
export async function waitUntilGone(scene: Scene, going: Going[]): Promise<void> {
  await within(scene, secondsOf(scene.call, 'timeout'), async (signal) => {
    for (const one of going) await waitFor(scene, one, signal);
  });
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
