/** Source of identifiers and randomness. Roots inject `randomIds`; tests inject `seededIds`. */
export interface Ids {
  /** RFC 4122 version 4. */
  uid(): string;
  /** `length` characters of Kubernetes' generateName alphabet (no vowels, no look-alikes). */
  suffix(length: number): string;
  /** Uniform in [0, 1): jitter and sampling, never secrets. */
  random(): number;
}

export const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
