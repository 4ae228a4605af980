import { createHash, scryptSync } from 'node:crypto';
import { invalid } from '../../../shared/errors/common.ts';
import type { Secret } from '../../../shared/kinds/schema/types.ts';

/** Is what Secrets Manager holds of one value, in bytes. */
const maxBytes = 65_536;

const dockerConfig = '.dockerconfigjson';
const text = new TextDecoder('utf-8', { fatal: true });

/**
 * A Secret's data as one JSON object of strings, keys in order: ECS picks a key out of it. Values that are not UTF-8 are
 * left out, since ECS hands over text only. A registry's credentials get `username` and `password` beside them, as
 * ECS wants them; of several registries, those of the first. Throws Invalid when it is too long.
 */
export function payloadOf(secret: Secret): string {
  const payload = jsonOf(secret);
  const length = Buffer.byteLength(payload);
  if (length > maxBytes)
    throw invalid('Secret', '', secret.metadata.name ?? '', [
      {
        reason: 'FieldValueTooLong',
        field: 'data',
        message: `Too long: ${length} bytes as JSON, of which AWS Secrets Manager holds ${maxBytes}`,
      },
    ]);
  return payload;
}

/** Returns whether there can be a copy. */
export const isHeld = (secret: Secret): boolean => Buffer.byteLength(jsonOf(secret)) <= maxBytes;

function jsonOf(secret: Secret): string {
  const values = Object.entries(secret.data ?? {}).flatMap(([key, value]): [string, string][] => {
    const decoded = textOf(value);
    return decoded === undefined ? [] : [[key, decoded]];
  });
  const all = { ...registryLogin(new Map(values).get(dockerConfig)), ...Object.fromEntries(values) };
  return JSON.stringify(Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))));
}

const known = new Map<string, string>();
const mostKnown = 1_000;

/**
 * Stands for the payload where everybody may read it who may describe the copy. Slow on purpose (some 10 ms): it should
 * not help to guess a weak password. So it is remembered: every start of a Pod asks.
 */
export function fingerprintOf(uid: string, payload: string): string {
  const digest = createHash('sha256').update(payload).digest();
  const key = `${uid} ${digest.toString('hex')}`;
  const found = known.get(key) ?? scryptSync(digest, uid, 16, { N: 1 << 12, r: 8, p: 1 }).toString('hex');
  if (known.size >= mostKnown) known.clear();
  known.set(key, found);
  return found;
}

function textOf(base64: string): string | undefined {
  try {
    return text.decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function registryLogin(config: string | undefined): { username?: string; password?: string } {
  try {
    const { auths = {} } = JSON.parse(config ?? '{}') as { auths?: Record<string, Login> };
    const login = Object.values(auths)[0];
    if (!login) return {};
    const [user, ...rest] = Buffer.from(login.auth ?? '', 'base64')
      .toString()
      .split(':');
    const username = login.username || user;
    const password = login.password || rest.join(':');
    return username && password ? { username, password } : {};
  } catch {
    return {};
  }
}

interface Login {
  username?: string;
  password?: string;
  /** `username:password` in base64. */
  auth?: string;
}
