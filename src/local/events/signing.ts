import { createHash, createHmac } from 'node:crypto';

/** Signs a message as Standard Webhooks has it: https://www.standardwebhooks.com */
export type Sign = (id: string, body: Uint8Array, now: number) => Record<string, string>;

const shortestKey = 24;
const longestKey = 64;

/**
 * Reads the keys of a file, one on each line, as `whsec_` and their base64. A message is signed by each, so that receivers
 * can go from one key to the next.
 * @throws Error that says what is wrong with them
 */
export function signingWith(text: string): Sign {
  const lines = text.split('\n').flatMap((line) => line.trim() || []);
  const keys = lines.map((line) => {
    const key = Buffer.from(line.slice(prefix.length), 'base64');
    if (!base64.test(line) || key.length < shortestKey || key.length > longestKey)
      throw new Error(`a key is ${prefix} and the base64 of ${shortestKey} to ${longestKey} bytes`);
    return key;
  });
  if (keys.length === 0) throw new Error('it holds no key');
  return (id, body, now) => {
    const timestamp = String(Math.floor(now / 1000));
    const signatures = keys.map((key) => {
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
      return `v1,${signature.digest('base64')}`;
    });
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    };
  };
}

const prefix = 'whsec_';
const base64 = /^whsec_[A-Za-z0-9+/]+={0,2}$/;

/** The id of a message: the same for the same event whenever it is sent, and without the full stop that ends it in what is signed. */
export const messageId = (source: string, id: string): string =>
  `msg_${createHash('sha256').update(`${source}\n${id}`).digest('base64url').slice(0, 32)}`;
