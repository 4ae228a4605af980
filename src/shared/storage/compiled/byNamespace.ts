import type { Clock } from '../../clock/clock.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage } from '../../ports/storage.ts';
import { compiled } from './index.ts';
import { trusted } from './trusted.ts';

/** The objects of a resource by namespace, in the order of their names; namespaces without any are not there. */
export const byNamespace = <T extends KubeObject>(
  storage: Storage,
  resource: string,
  clock: Clock,
  trustedMs: number,
): ((cluster: string) => Soon<ReadonlyMap<string, readonly T[]>>) =>
  trusted(
    compiled<T, ReadonlyMap<string, readonly T[]>>(storage, resource, {
      read: ({ value }) => JSON.parse(decoder.decode(value)) as T,
      build: (entries) =>
        Map.groupBy(
          [...entries.values()].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1)),
          ({ metadata }) => metadata.namespace ?? '',
        ),
    }),
    clock,
    trustedMs,
  );

const decoder = new TextDecoder();
