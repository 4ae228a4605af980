import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keys and certificates of one control plane, all PEM. */
export interface Pki {
  ca: string;
  server: Pair;
  /** The administrator's client certificate: user kubernetes-admin, group system:masters. */
  admin: Pair;
  /** Signs service-account tokens. */
  tokenKey: string;
}

export interface Pair {
  certificate: string;
  key: string;
}

interface Kept extends Pki {
  caKey: string;
  /** Names the server certificate is for. */
  names: string[];
  /** Milliseconds since the epoch when the first of the leaf certificates ends. */
  expires: number;
}

const renewBeforeMs = 30 * 86_400_000;

/**
 * The PKI kept in `folder`, made at the first start. Leaf certificates are renewed when `names` are no longer those of
 * the server certificate or a month before they end; the authority stays, so that kubeconfigs stay good.
 */
export async function openPki(folder: string, names: string[], now: number): Promise<Pki> {
  const file = join(folder, 'pki.json');
  const kept = await read(file);
  const isGood =
    kept && names.every((name) => kept.names.includes(name)) && kept.expires - now > renewBeforeMs;
  if (isGood) return kept;
  // Making certificates takes a library that an ordinary start need not load.
  const { makeAuthority, makeLeaves, makeTokenKey } = await import('./make.ts');
  const authority = kept ? { certificate: kept.ca, key: kept.caKey } : await makeAuthority(now);
  const leaves = await makeLeaves(authority, names, now);
  const made: Kept = {
    ca: authority.certificate,
    caKey: authority.key,
    tokenKey: kept?.tokenKey ?? makeTokenKey(),
    names,
    ...leaves,
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return made;
}

/** What the folder holds; undefined before the first start. */
export const readPki = (folder: string): Promise<Pki | undefined> => read(join(folder, 'pki.json'));

async function read(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error}); delete it to have new certificates made`);
  }
}
