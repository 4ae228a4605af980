import type { Clock } from '../../clock/clock.ts';
import { type DataKey, dataKeyOf, type Header } from './encryptionSealing.ts';

/** Makes and opens data keys; KMS, or anything else that keeps the wrapping key to itself. */
export interface KeyWrapper {
  /** The wrapping key of new data keys, as it stands beside each value. */
  readonly keyId: string;
  /** A new data key of 32 bytes, open and wrapped. */
  generate(): Promise<{ secret: Uint8Array; wrapped: Uint8Array }>;
  /** Opens a data key that `keyId` wrapped. Throws for keys that are not ours. */
  unwrap(wrapped: Uint8Array, keyId: string): Promise<Uint8Array>;
}

export interface KeyLimits {
  /** A data key seals nothing when it is older. */
  maxAgeMs: number;
  /** Nor after so many values in this process. */
  maxUses: number;
  /** Open data keys kept for reading. */
  maxOpen: number;
}

/** Far below the 2^32 values at which nonces of 96 bits may begin to repeat, for a thousand processes. */
export const defaultKeyLimits: KeyLimits = { maxAgeMs: 24 * 3_600_000, maxUses: 1 << 20, maxOpen: 1_000 };

/**
 * The data keys in use. One seals until it is old or worn; a young one that a read opened is taken on, so that
 * short-lived processes do not each make their own.
 */
export class DataKeys {
  readonly #wrapper: KeyWrapper;
  readonly #clock: Clock;
  readonly #limits: KeyLimits;
  /** By wrapped bytes, the longest unused first. */
  readonly #open = new Map<string, Promise<DataKey>>();
  #current: DataKey | undefined;
  #uses = 0;
  #making: Promise<DataKey> | undefined;

  constructor(wrapper: KeyWrapper, clock: Clock, limits: KeyLimits) {
    this.#wrapper = wrapper;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** The key to seal one value with; a promise only when one has to be made. */
  take(): DataKey | Promise<DataKey> {
    if (!this.#current || !this.#isYoung(this.#current.born) || this.#uses >= this.#limits.maxUses)
      return this.#make();
    this.#uses++;
    return this.#current;
  }

  /** The key that a value was sealed with. */
  opened({ keyId, wrapped, born }: Header): Promise<DataKey> {
    const known = this.#open.get(nameOf(keyId, wrapped));
    if (known) return this.#remember(keyId, wrapped, known);
    const about = { keyId, wrapped: wrapped.slice(), born };
    const key = this.#wrapper.unwrap(wrapped, keyId).then((secret) => dataKeyOf(secret, about));
    key.catch(() => this.#open.delete(nameOf(keyId, wrapped)));
    return this.#remember(keyId, wrapped, key);
  }

  /** A value opened with it, so its header is genuine: it may seal too, unless another does. */
  adopt(key: DataKey): void {
    if (this.#current && this.#isYoung(this.#current.born)) return;
    if (key.keyId === this.#wrapper.keyId && this.#isYoung(key.born)) this.#use(key);
  }

  #make(): Promise<DataKey> {
    this.#making ??= this.#generate().finally(() => {
      this.#making = undefined;
    });
    return this.#making.then((key) => {
      this.#uses++;
      return key;
    });
  }

  async #generate(): Promise<DataKey> {
    const born = Math.floor(this.#clock.now() / 1000);
    const { secret, wrapped } = await this.#wrapper.generate();
    const { keyId } = this.#wrapper;
    const key = dataKeyOf(secret, { keyId, wrapped, born });
    this.#use(key);
    return this.#remember(keyId, wrapped, Promise.resolve(key));
  }

  #remember(keyId: string, wrapped: Uint8Array, key: Promise<DataKey>): Promise<DataKey> {
    const name = nameOf(keyId, wrapped);
    this.#open.delete(name);
    this.#open.set(name, key);
    if (this.#open.size > this.#limits.maxOpen) this.#open.delete(this.#open.keys().next().value!);
    return key;
  }

  #use(key: DataKey): void {
    this.#current = key;
    this.#uses = 0;
  }

  #isYoung(born: number): boolean {
    return Math.abs(this.#clock.now() - born * 1000) < this.#limits.maxAgeMs;
  }
}

const nameOf = (keyId: string, wrapped: Uint8Array) => `${keyId}/${Buffer.from(wrapped).toString('base64')}`;
