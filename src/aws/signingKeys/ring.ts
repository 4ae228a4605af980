/** A key that signs or has signed tokens. */
export interface DatedKey {
  /** PKCS #8 in PEM. */
  readonly pem: string;
  /** When it was made, in milliseconds since the epoch; 0: by a version that did not write it down. */
  readonly madeAt: number;
}

/** Keys, the newest first. */
export type KeyRing = readonly DatedKey[];

const day = 86_400_000;
/** As long as on one machine, where a key is renewed with the certificates. */
export const rotatedAfterMs = 335 * day;
/**
 * A new key is shown for so long before it signs: whoever keeps the published keys for an hour, as they may, has it by then, and so has
 * every process.
 */
export const shownFirstMs = 2 * 3_600_000;

/**
 * Returns a ring as it is kept: each key after a line that says when it was made. Versions before read the first key of such a
 * text, so that they go on after a way back.
 */
export const textOf = (ring: KeyRing): string =>
  ring.map(({ pem, madeAt }) => `made: ${new Date(madeAt).toISOString()}\n${pem.trimEnd()}\n`).join('');

const kept = /(?:^made: (\S+)\n)?(-----BEGIN [A-Z ]+-----\n[^-]+-----END [A-Z ]+-----)/gm;

/** Reads what was kept, by this version or by those that kept one key in PEM. @throws Error when there is no key in it */
export function ringOf(text: string): KeyRing {
  const ring = [...text.matchAll(kept)].map(([, made, pem = '']) => ({
    pem,
    madeAt: made ? Date.parse(made) : 0,
  }));
  if (ring.length === 0) throw new Error('what is kept as the keys that sign tokens holds none');
  return ring;
}

/** Returns whether the newest key has signed for long enough. */
export const isOld = ([newest]: KeyRing, now: number): boolean => now - newest!.madeAt >= rotatedAfterMs;

/** The keys that are good where those made before a time are not. */
export const madeSince = (ring: KeyRing, since: number): KeyRing =>
  ring.filter(({ madeAt }) => madeAt >= since);

/** The ring with a new key, without those whose tokens are over. */
export const rotated = (ring: KeyRing, pem: string, now: number, most: number): KeyRing =>
  [{ pem, madeAt: now }, ...ring].slice(0, most);

/** Private keys, the one that signs now first. Of a ring of one it signs at once, since nobody knows another. */
export function inSigningOrder(ring: KeyRing, now: number): string[] {
  const signing = ring.find(({ madeAt }) => now - madeAt >= shownFirstMs) ?? ring.at(-1)!;
  return [signing, ...ring.filter((each) => each !== signing)].map(({ pem }) => pem);
}
