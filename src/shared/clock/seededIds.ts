import { type Ids, suffixAlphabet } from './ids.ts';

/** Repeatable ids for tests and simulations (mulberry32). */
export function seededIds(seed = 1): Ids {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    random,
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    suffix: (length) =>
      Array.from({ length }, () => suffixAlphabet[Math.floor(random() * suffixAlphabet.length)]).join(''),
  };
}
