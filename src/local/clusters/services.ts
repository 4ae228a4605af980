import type { Storage } from '../../shared/ports/storage.ts';

/** Writes the Services that a logical cluster begins with, while that of the API is not there. */
export function servicesFiller(
  storage: Pick<Storage, 'get'>,
  write: (cluster: string) => Promise<void>,
): (cluster: string) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return async (cluster) => {
    const key = { cluster, resource: 'services', namespace: 'default', name: 'kubernetes' };
    if (await storage.get(key)) return;
    const work = underWay.get(cluster) ?? write(cluster).finally(() => underWay.delete(cluster));
    underWay.set(cluster, work);
    await work;
  };
}
