import type { Key, Scope, Stored } from '../../../../shared/ports/storage.ts';
import { inherited } from '../../../../shared/storage/log/inherited.ts';
import { isTooLong, itemOf, namespacePrefix, spaceOf } from '../../../../shared/storage/log/keys.ts';
import { type Item, objectPlace, pastPlace, textOf } from '../layout.ts';
import { isGone, revisionIn } from '../records.ts';
import type { Table } from '../table.ts';
import { asState, hasNoted, noteOf, notesAfter } from './notes.ts';
import type { Fork, Layer } from './record.ts';
import { checkStillThere } from './registered.ts';

/** What a layer says of an item: its state, that it was deleted there, or nothing. */
type Said = Stored | 'deleted' | undefined;

const readsAtOnce = 25;

/** Reads what a fork has from its base, as that was when it was forked. What it wrote itself is read elsewhere. */
export class Layered {
  readonly #table: Table;
  readonly #pollMs: number;

  /** `pollMs`: how often it looks again for what is not visible yet, in milliseconds. */
  constructor(table: Table, pollMs: number) {
    this.#table = table;
    this.#pollMs = pollMs;
  }

  /** A read for each layer, and one more where that has been changed since. */
  async get(fork: Fork, key: Key): Promise<Stored | undefined> {
    const item = itemOf(key);
    if (isTooLong(item)) return undefined;
    for (const layer of fork.layers.get(key.resource) ?? []) {
      const said = await this.#at(fork, { ...layer, resource: key.resource }, item);
      if (said) return said === 'deleted' ? undefined : inherited(said, fork.cluster);
    }
    return undefined;
  }

  /** All of a scope, by item; whatever the scope says of owners. */
  async all(fork: Fork, { resource, namespace }: Scope): Promise<Map<string, Stored>> {
    const prefix = namespace === undefined ? '' : namespacePrefix(namespace);
    const layers = fork.layers.get(resource) ?? [];
    const all = await Promise.all(layers.map((layer) => this.#allAt(fork, { ...layer, resource }, prefix)));
    const found = new Map<string, Stored>();
    for (const layer of all.reverse())
      for (const [item, said] of layer)
        if (said === 'deleted') found.delete(item);
        else if (said) found.set(item, inherited(said, fork.cluster));
    return found;
  }

  async #at(fork: Fork, layer: Layer & { resource: string }, item: string): Promise<Said> {
    const space = spaceOf(layer);
    for (;;) {
      const now = await this.#table.get(objectPlace(space, item));
      if (now && revisionIn(now) <= layer.revision) {
        const said = await this.#said(space, now);
        if (said) return said;
      } else {
        const { items } = await this.#table.page(notesAfter(space, item, layer.revision));
        const [note] = items;
        if (!note && !(now && hasNoted(now, layer.revision))) return undefined;
        if (note && revisionIn(note) > layer.revision) return undefined;
        const said = note && (await this.#said(space, asState(space, note)));
        if (said) return said;
      }
      // Replaced between two reads, or the note is not visible yet; or it has gone with the fork.
      await checkStillThere(this.#table, fork);
      await this.#table.clock.sleep(this.#pollMs);
    }
  }

  async #allAt(fork: Fork, layer: Layer & { resource: string }, prefix: string): Promise<Map<string, Said>> {
    const space = spaceOf(layer);
    const range = (pk: string) => ({ pk, ...(prefix && { prefix }) });
    const current = await this.#table.all(range(objectPlace(space, '').pk));
    // After the states: what replaced one since has put it beside.
    const notes = firstNotes(await this.#table.all(range(pastPlace(space, '', 0).pk)), layer.revision);
    const states = new Map(current.map((state) => [textOf(state, 'sk'), state]));
    const items = [...new Set([...states.keys(), ...notes.keys()])];
    const found = new Map<string, Said>();
    const look = async (item: string): Promise<Said> => {
      const [state, note] = [states.get(item), notes.get(item)];
      if (state && revisionIn(state) <= layer.revision)
        return (await this.#said(space, state)) ?? this.#at(fork, layer, item);
      if (!note) return state && hasNoted(state, layer.revision) ? this.#at(fork, layer, item) : undefined;
      if (revisionIn(note) > layer.revision) return undefined;
      return (await this.#said(space, asState(space, note))) ?? this.#at(fork, layer, item);
    };
    for (let at = 0; at < items.length; at += readsAtOnce) {
      const some = items.slice(at, at + readsAtOnce);
      const all = await Promise.all(some.map(look));
      for (const [i, said] of all.entries()) found.set(some[i]!, said);
    }
    return found;
  }

  /** Undefined when its chunks are gone: it has been replaced since it was read. */
  async #said(space: string, state: Item): Promise<Said> {
    return isGone(state) ? 'deleted' : this.#table.withValue(space, state);
  }
}

/** The first note of each item that was made after a revision. */
function firstNotes(notes: readonly Item[], revision: number): Map<string, Item> {
  const first = new Map<string, Item>();
  for (const note of notes) {
    const { item, replacedAt } = noteOf(note);
    if (replacedAt > revision && !first.has(item)) first.set(item, note);
  }
  return first;
}
