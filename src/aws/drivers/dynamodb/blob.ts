import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { bytes, chunkPlace, type Item, keyAttributes, number, numberOf, type Place } from './layout.ts';
import { words } from './words.ts';

/** Names the item that the bytes belong to, and so their chunks. */
export interface BlobOwner {
  space: string;
  of: 'o' | 'l';
  revision: number;
}

/** Attributes to put beside the owner, and items for what does not fit there. */
export interface Blob {
  attributes: Item;
  chunks: Item[];
}

/** An item may have 400 KB; the rest is for names, index and previous index. */
const chunkBytes = 350_000;

/** Values of `zipped`: what the bytes are. */
const [gzipped, packed] = [1, 2];
/** Packing what is longer well would take too long, bytes. */
export const longestPacked = 65_536;

/** Compresses above `gzipAbove` bytes, then cuts what is still too long. */
export const encodeBlob = (owner: BlobOwner, raw: Uint8Array, gzipAbove: number, expires?: Item): Blob =>
  blobOf(owner, raw, raw.length > gzipAbove ? gzipSync(raw, { level: 1 }) : raw, { as: gzipped, expires });

/**
 * The same for what says what many others say: a third of the length. Takes a table of `packedFormat`. As zlib has it: with a
 * checksum of the bytes and one of the words, so that no reader takes anything else for them.
 */
export function packBlob(owner: BlobOwner, raw: Uint8Array, expires?: Item): Blob {
  const level = raw.length > longestPacked ? 1 : 6;
  return blobOf(owner, raw, deflateSync(raw, { level, dictionary: words }), { as: packed, expires });
}

function blobOf(
  owner: BlobOwner,
  raw: Uint8Array,
  zipped: Uint8Array,
  { as, expires }: { as: number; expires: Item | undefined },
): Blob {
  const body = zipped.length < raw.length ? zipped : raw;
  const attributes: Item = body === raw ? {} : { zipped: number(as) };
  if (body.length <= chunkBytes) return { attributes: { ...attributes, body: bytes(body) }, chunks: [] };
  const chunks: Item[] = [];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const where = chunkPlace(owner.space, owner.of, owner.revision, chunks.length);
    chunks.push({ ...keyAttributes(where), body: bytes(body.subarray(at, at + chunkBytes)), ...expires });
  }
  return { attributes: { ...attributes, chunks: number(chunks.length) }, chunks };
}

/** Returns where the rest of an item's bytes lies; empty for almost all. */
export function chunkPlaces(owner: BlobOwner, item: Item): Place[] {
  const count = numberOf(item, 'chunks') || 0;
  return Array.from({ length: count }, (_, part) => chunkPlace(owner.space, owner.of, owner.revision, part));
}

/** The bytes again, alone in their memory; `chunks` in the order of their places. */
export function decodeBlob(item: Item, chunks: readonly Item[]): Uint8Array {
  const body = chunks.length ? Buffer.concat(chunks.map(({ body }) => body!.B!)) : (item.body?.B ?? nothing);
  if (!item.zipped) return body;
  // What zlib answers is part of 16 KB, however short it is, and some are kept for long.
  return new Uint8Array(unzipped(body, numberOf(item, 'zipped')));
}

function unzipped(body: Uint8Array, as: number): Uint8Array {
  if (as === gzipped) return gunzipSync(body);
  if (as === packed) return inflateSync(body, { dictionary: words });
  throw new Error(`the bytes of an item are zipped in a way that this version does not know: ${as}`);
}

const nothing = new Uint8Array();
