import type { Connection } from '../kube/connection.ts';
import { apiVersionOf, discover, pathOf, resourceName } from '../kube/discovery.ts';
import type { KubeObject, ObjectList } from '../kube/objects.ts';
import { query } from '../kube/read.ts';
import { isTaken, selectingName, takenResources } from './taken.ts';

const pageSize = 500;

/** Is what a snapshot holds, for people. */
export interface Tally {
  secrets: number;
}

/** Every object of a cluster that a snapshot tells of, page by page, in the order of restoring. Counts into `tally`. */
export async function* objectsOf(connection: Connection, tally: Tally): AsyncGenerator<KubeObject> {
  const selecting = new Set<string>();
  for (const resource of takenResources(await discover(connection))) {
    let next: string | undefined;
    do {
      const path = `${pathOf(resource, undefined)}${query({ limit: pageSize, continue: next })}`;
      const page = await connection.json<ObjectList>({ path });
      next = page.metadata?.continue;
      for (const item of page.items) {
        const object = { ...item, apiVersion: apiVersionOf(resource), kind: resource.kind };
        const name = selectingName(object);
        if (name) selecting.add(name);
        if (!isTaken(object, selecting)) continue;
        if (resourceName(resource) === 'secrets') tally.secrets++;
        yield object;
      }
    } while (next);
  }
}
