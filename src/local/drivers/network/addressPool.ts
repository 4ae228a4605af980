import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cidr, candidates } from './addresses.ts';

/**
 * Addresses by UID, kept as one file each (`<address>_<uid>`) with a note in it, so that they survive the process and neither
 * taking nor freeing one rewrites anything. A UID chooses the same address each time, as long as that is free and it is given
 * none that was reserved.
 */
export class AddressPool {
  readonly #folder: string;
  readonly #cidr: Cidr;
  readonly #byUid = new Map<string, string>();
  readonly #notes = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #reserved = new Set<string>();

  static async open(folder: string, cidr: Cidr): Promise<AddressPool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const pool = new AddressPool(folder, cidr);
    for (const file of await readdir(folder)) {
      const [address, uid] = file.split('_');
      if (!address || !uid) continue;
      pool.#remember(uid, address);
      pool.#notes.set(uid, await readFile(join(folder, file), 'utf8'));
    }
    return pool;
  }

  private constructor(folder: string, cidr: Cidr) {
    this.#folder = folder;
    this.#cidr = cidr;
  }

  /**
   * Returns the address of a UID, taken now where it has none: the one that was reserved, if any. The note is kept where the
   * address is new. Throws when every address is taken.
   */
  async take(uid: string, note = '', reserved?: string): Promise<string> {
    const known = this.#byUid.get(uid);
    // Without its note it was taken by a process that was killed before it had written that.
    if (known && (this.noteOf(uid) || !note)) return known;
    const address = known ?? reserved ?? this.#free(uid);
    this.#reserved.delete(address);
    this.#remember(uid, address);
    this.#notes.set(uid, note);
    try {
      await writeFile(join(this.#folder, `${address}_${uid}`), note, { mode: 0o600 });
    } catch (error) {
      // Else it would be had without a file from the next try on, and be nobody's after a restart.
      this.#forget(uid, address);
      throw error;
    }
    return address;
  }

  /** Keeps an address for whoever is given it, as long as this process lives. Throws when every address is taken. */
  reserve(seed: string): string {
    const address = this.#free(seed);
    this.#reserved.add(address);
    return address;
  }

  /** Gives back an address that was reserved and not taken. */
  release(address: string): void {
    this.#reserved.delete(address);
  }

  addressOf(uid: string): string | undefined {
    return this.#byUid.get(uid);
  }

  /** Returns what was noted when the address was taken; empty: nothing. */
  noteOf(uid: string): string {
    return this.#notes.get(uid) ?? '';
  }

  async free(uid: string): Promise<void> {
    const address = this.#byUid.get(uid);
    if (!address) return;
    await rm(join(this.#folder, `${address}_${uid}`), { force: true });
    this.#forget(uid, address);
  }

  /** Those who have an address. */
  get uids(): Iterable<string> {
    return this.#byUid.keys();
  }

  /** Those that are taken or reserved. */
  get addresses(): string[] {
    return [...this.#taken, ...this.#reserved];
  }

  #free(seed: string): string {
    for (const address of candidates(this.#cidr, seed))
      if (!this.#taken.has(address) && !this.#reserved.has(address)) return address;
    throw new Error('no Pod address is left');
  }

  #remember(uid: string, address: string): void {
    this.#byUid.set(uid, address);
    this.#taken.add(address);
  }

  #forget(uid: string, address: string): void {
    this.#byUid.delete(uid);
    this.#notes.delete(uid);
    this.#taken.delete(address);
  }
}
