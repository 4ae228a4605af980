import type { Ask } from '../differential/case.ts';
import type { Rendered } from './rendered.ts';

/** Where an object is. */
export interface Place {
  collection: string;
  path: string;
  /** Absent where it is in none. */
  namespace?: string;
}

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Finds where objects belong, by discovery; those that name no namespace are in the one given. */
export function placesIn(ask: Ask, usual: string) {
  return async ({ apiVersion, kind, metadata }: Rendered): Promise<Place | undefined> => {
    const prefix = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { body } = await ask({ line: `GET ${prefix}` });
    const { resources = [] } = body as { resources?: Resource[] };
    const resource = resources.find((each) => each.kind === kind && !each.name.includes('/'));
    if (!resource) return undefined;
    const namespace = resource.namespaced ? (metadata?.namespace ?? usual) : undefined;
    const collection = `${prefix}/${namespace ? `namespaces/${namespace}/` : ''}${resource.name}`;
    return { collection, path: `${collection}/${metadata?.name}`, ...(namespace && { namespace }) };
  };
}
