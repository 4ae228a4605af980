import { randomFillSync, randomUUID } from 'node:crypto';
import { type Ids, suffixAlphabet } from './ids.ts';

/** Asking the system for a few bytes costs as much as for many. */
const pool = Buffer.alloc(4096);
let taken = pool.length;

function random(length: number): Buffer {
  if (taken + length > pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += length;
  return pool.subarray(taken - length, taken);
}

/** Real randomness. Only composition roots import this file. */
export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: (length) => {
    let text = '';
    for (const byte of random(length)) text += suffixAlphabet[byte % suffixAlphabet.length];
    return text;
  },
  random: () => random(4).readUInt32BE() / 2 ** 32,
};
