import { randomBytes, randomUUID } from 'node:crypto';
import { type Ids, suffixAlphabet } from './ids.ts';

/** Real randomness. Only composition roots import this file. */
export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: (length) =>
    Array.from(randomBytes(length), (byte) => suffixAlphabet[byte % suffixAlphabet.length]).join(''),
  random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
