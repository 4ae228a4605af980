import { newestDefault } from '../meta/newestDefault.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Storage } from '../ports/storage.ts';

interface Classes {
  storage: Storage;
  cluster: string;
  /** Plural and group of the classes. */
  resource: string;
  /** The annotation by which a class says that it is the default one. */
  annotation: string;
}

/** The name of the default class that is stored; undefined when there is none. */
export async function defaultClass(where: Classes): Promise<string | undefined> {
  const { storage, cluster, resource, annotation } = where;
  const { items } = await storage.list({ cluster, resource });
  const classes = items.map(({ value }) => JSON.parse(Buffer.from(value).toString()) as KubeObject);
  return newestDefault(classes, annotation)?.metadata.name;
}
