import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Key } from '../../ports/storage.ts';

/** An open data key with what a sealed value tells about it. */
export interface DataKey {
  /** The key that wraps it. */
  keyId: string;
  wrapped: Uint8Array;
  /** Seconds since the epoch. */
  born: number;
  /** 32 bytes each. */
  cipher: Uint8Array;
  nonces: Uint8Array;
}

/** Describes what stands before a sealed value: enough to ask for its data key. */
export interface Header {
  keyId: string;
  wrapped: Uint8Array;
  born: number;
  nonce: Uint8Array;
  /** Says where the ciphertext begins. */
  length: number;
}

/** No JSON begins so. The last byte is the version of the format. */
const magic = Buffer.from([0, 0x53, 0x45, 1]);
const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** `secret`: 32 random bytes. */
export const dataKeyOf = (
  secret: Uint8Array,
  about: Pick<DataKey, 'keyId' | 'wrapped' | 'born'>,
): DataKey => ({
  ...about,
  cipher: derived(secret, 'values'),
  nonces: derived(secret, 'nonces'),
});

const derived = (secret: Uint8Array, use: string) =>
  new Uint8Array(hkdfSync('sha256', secret, '', `shallop ${use}`, 32));

export const isSealed = (value: Uint8Array): boolean => magic.equals(value.subarray(0, magic.length));

/**
 * magic, born, key id, wrapped key, nonce, ciphertext, tag. Pure, as a Build has to be: the nonce follows from what is
 * sealed and where, so it repeats only for the very same bytes.
 */
export function seal(dataKey: DataKey, key: Key, value: Uint8Array): Uint8Array {
  const place = placeOf(key);
  const nonce = createHmac('sha256', dataKey.nonces)
    .update(place)
    .update(value)
    .digest()
    .subarray(0, nonceLength);
  const keyId = Buffer.from(dataKey.keyId);
  const header = Buffer.concat([
    magic,
    uint32(dataKey.born),
    uint16(keyId.length),
    keyId,
    uint16(dataKey.wrapped.length),
    dataKey.wrapped,
    nonce,
  ]);
  const cipher = createCipheriv(algorithm, dataKey.cipher, nonce);
  cipher.setAAD(Buffer.concat([header, place]));
  return Buffer.concat([header, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

/** Throws RangeError when the bytes end too early. */
export function headerOf(sealed: Uint8Array): Header {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  let at = magic.length + 4;
  const born = bytes.readUInt32BE(magic.length);
  const take = (length: number) => {
    at += length;
    if (at + tagLength > bytes.length) throw new RangeError('a sealed value ends too early');
    return bytes.subarray(at - length, at);
  };
  const keyId = take(take(2).readUInt16BE()).toString();
  const wrapped = take(take(2).readUInt16BE());
  return { keyId, wrapped, born, nonce: take(nonceLength), length: at };
}

/** Throws when anything differs from what was sealed: a bit, the place, the key. */
export function unseal(dataKey: DataKey, key: Key, sealed: Uint8Array, header: Header): Uint8Array {
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv(algorithm, dataKey.cipher, header.nonce, { authTagLength: tagLength });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, header.length), placeOf(key)]));
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(header.length, end)), decipher.final()]);
}

const placeOf = ({ cluster, resource, namespace, name }: Key) =>
  Buffer.from(JSON.stringify([cluster, resource, namespace, name]));

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
