import type { Key, Stored } from '../../../../shared/ports/storage.ts';
import { notedInMoment, noteInMoment } from '../moment.ts';
import type { Table } from '../table.ts';
import type { Fork } from './record.ts';
import { forkToRead } from './registered.ts';

/** The cluster of the root path is no fork, and has the objects that tell of all others. */
const root = 'default';
const logicalClusters = 'logicalclusters.shallop.dev';
const plain = (cluster: string) => `${cluster} is no fork`;

/**
 * Finds which logical clusters are forks. Each request to a named one looks first whether it is there, and its object says that
 * it has no base: then nothing more has to be asked in that moment.
 */
export class ForkFinder {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Hears of every object that was read. */
  see({ cluster, resource, name }: Key, stored: Stored | undefined): void {
    if (cluster !== root || resource !== logicalClusters || !stored) return;
    if (!stored.index.fields?.['spec.base']) noteInMoment(plain(name), this.#table.clock, true);
  }

  /**
   * The fork that a logical cluster is; undefined when it is none. `hasTurned`: its log tells of a drop or a
   * beginning, so that what was seen earlier in the moment may be too old.
   *
   * @throws ServiceUnavailable while it is being made or dropped
   */
  async find(cluster: string, hasTurned = false): Promise<Fork | undefined> {
    if (cluster === root) return undefined;
    if (!hasTurned && notedInMoment(plain(cluster), this.#table.clock)) return undefined;
    return forkToRead(this.#table, cluster);
  }
}
