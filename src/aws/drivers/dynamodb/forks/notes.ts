import type { Stored } from '../../../../shared/ports/storage.ts';
import { separator } from '../../../../shared/storage/log/keys.ts';
import { chunkPlaces } from '../blob.ts';
import {
  formerPlace,
  type Item,
  keyAttributes,
  number,
  numberOf,
  objectPlace,
  type Place,
  pastPlace,
  textOf,
} from '../layout.ts';
import { encodeObject, isGone, revisionIn } from '../records.ts';

/** Sorts behind every note of an item: they end in digits. */
const pastEnd = '9'.repeat(16);

/** A state that forks show, kept under the revision that replaced it. Its chunks stay where they are. */
export function encodeNote(space: string, item: string, state: Stored, replacedAt: number): Item {
  const [main] = encodeObject(space, item, state);
  return { ...main, ...keyAttributes(pastPlace(space, item, replacedAt)) };
}

/** The same of a deletion that hides what is below. */
export const encodeGoneNote = (space: string, item: string, gone: number, replacedAt: number): Item => ({
  ...keyAttributes(pastPlace(space, item, replacedAt)),
  gone: number(gone),
});

/** That a state which is noted had an owner. */
export const encodeFormer = (space: string, owner: string, item: string, replacedAt: number): Item =>
  keyAttributes(formerPlace(space, owner, item, replacedAt));

/** What a state says that replaced one that has been noted: a reader may see it before the note. */
export const noting = (note: Item): Item => ({ noted: number(revisionIn(note)) });

/** Returns whether a state replaced one that was there at `revision`, and has noted it. */
export const hasNoted = (state: Item, revision: number): boolean => numberOf(state, 'noted') <= revision;

/** The notes of an item that were made after a revision, the first one first. */
export function notesAfter(space: string, item: string, revision: number) {
  const { pk, sk: from } = pastPlace(space, item, revision + 1);
  return { pk, from, to: `${item}${separator}${pastEnd}`, limit: 1 };
}

/** Says of what a note is, and which revision replaced it. */
export function noteOf(note: Item): { item: string; replacedAt: number; revision: number } {
  const sk = textOf(note, 'sk');
  const at = sk.lastIndexOf(separator);
  return { item: sk.slice(0, at), replacedAt: Number(sk.slice(at + 1)), revision: revisionIn(note) };
}

/** A note as the item that it was in its place. */
export const asState = (space: string, note: Item): Item => ({
  ...note,
  ...keyAttributes(objectPlace(space, noteOf(note).item)),
});

/** What goes with a note: the chunks of its state. */
export const chunksOf = (space: string, note: Item): Place[] =>
  isGone(note) ? [] : chunkPlaces({ space, of: 'o', revision: revisionIn(note) }, note);
