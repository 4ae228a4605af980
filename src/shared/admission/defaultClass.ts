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

/** The name of the default class: of several the newest, of those made at once the first by name. */
export async function defaultClass({
  storage,
  cluster,
  resource,
  annotation,
}: Classes): Promise<string | undefined> {
  const { items } = await storage.list({ cluster, resource });
  const [newest] = items
    .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as KubeObject)
    .filter(({ metadata }) => metadata.annotations?.[annotation] === 'true')
    .sort(byAge);
  return newest?.metadata.name;
}

const byAge = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number =>
  (b.creationTimestamp ?? '').localeCompare(a.creationTimestamp ?? '') ||
  (a.name ?? '').localeCompare(b.name ?? '');
