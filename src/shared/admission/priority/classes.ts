import type { Clock } from '../../clock/clock.ts';
import { systemClasses } from '../../kinds/scheduling.k8s.io/v1/priorityclass/systemClasses.ts';
import type { PriorityClass } from '../../kinds/schema/types.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';
import { trusted } from '../../storage/compiled/trusted.ts';

/** The PriorityClasses of a logical cluster. */
export interface Classes {
  byName: ReadonlyMap<string, PriorityClass>;
  /** Is what Pods without a class get: of several the one with the lowest value. */
  default: PriorityClass | undefined;
}

/** `fresh`: with every class that has been acknowledged; else what was read within the last `trustedMs` may serve. */
export type ClassesIn = (cluster: string, fresh?: boolean) => Soon<Classes>;

export const classesIn = (storage: Storage, clock: Clock, trustedMs: number): ClassesIn =>
  trusted(compiled(storage, 'priorityclasses.scheduling.k8s.io', { read, build }), clock, trustedMs);

const decoder = new TextDecoder();
const read = ({ value }: Stored): PriorityClass => JSON.parse(decoder.decode(value)) as PriorityClass;

function build(entries: ReadonlyMap<string, PriorityClass>): Classes {
  const byName = new Map(systemClasses.map((each) => [each.metadata.name ?? '', each]));
  for (const each of entries.values()) byName.set(each.metadata.name ?? '', each);
  const [lowest] = [...byName.values()]
    .filter(({ globalDefault }) => globalDefault)
    .sort((a, b) => a.value - b.value);
  return { byName, default: lowest };
}
