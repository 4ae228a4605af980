import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTokenKey, mostTokenKeys } from '../../shared/auth/tokenKeys.ts';
import { isAdminKey, makeAdminKey } from './adminKey.ts';

/** Keys and certificates of one control plane, all PEM. */
export interface Pki {
  ca: string;
  /** The private key of the authority. */
  caKey: string;
  server: Pair;
  /** The administrator's client certificate: user kubernetes-admin, group system:masters. */
  admin: Pair;
  /** By which API servers of others know this one; an authority of its own, so that no client certificate passes for it. */
  frontProxy: Pair & { ca: string };
  /** Sign tokens of service accounts: the first new ones, the others are those of years before. */
  tokenKeys: string[];
}

export interface Pair {
  certificate: string;
  key: string;
}

interface Kept extends Omit<Pki, 'frontProxy'> {
  /** Absent in folders of versions before this one. */
  frontProxy?: Pki['frontProxy'];
  /** Is what versions before this one kept instead of a list. */
  tokenKey?: string;
  /** Names the server certificate is for. */
  names: string[];
  /** Says when the first of the leaf certificates ends. Milliseconds since the epoch. */
  expires: number;
}

const renewBeforeMs = 30 * 86_400_000;

/** Describes what makes the PKI of a folder for these names. */
export type PkiOpener = (names: string[]) => Promise<Pki>;

/**
 * Begins with what takes longest, so that the rest of a start may go on meanwhile. Leaf certificates are renewed when
 * `names` are no longer those of the server certificate or a month before they end, and then tokens get a new key too;
 * the authority stays, so that kubeconfigs stay good. Administrators' keys of older versions are renewed once.
 */
export async function beginPki(folder: string, now: number): Promise<PkiOpener> {
  const kept = await read(fileIn(folder));
  const isLasting = kept && kept.expires - now > renewBeforeMs;
  const admin = isLasting && isAdminKey(kept.admin.key) ? kept.admin : undefined;
  const adminKey = admin ? undefined : makeAdminKey();
  // Whether it failed is looked at later, when the certificate is made.
  adminKey?.catch(() => {});
  const earlier = kept?.tokenKeys ?? [kept?.tokenKey ?? []].flat();
  return async (names) => {
    if (admin && earlier.length && kept?.frontProxy && names.every((name) => kept.names.includes(name)))
      return { ...kept, frontProxy: kept.frontProxy, tokenKeys: earlier };
    // Making certificates takes a library that an ordinary start need not load.
    const { makeAdmin, makeAuthority, makeFrontProxy, makeServer } = await import('./make.ts');
    const authority = kept ? { certificate: kept.ca, key: kept.caKey } : await makeAuthority(now);
    const { server, expires } = await makeServer(authority, names, now);
    const frontProxy = await makeFrontProxy(now);
    const made: Kept & Pki = {
      ca: authority.certificate,
      caKey: authority.key,
      tokenKeys: isLasting && earlier.length ? earlier : [makeTokenKey(), ...earlier].slice(0, mostTokenKeys),
      names,
      server,
      frontProxy,
      admin: admin ?? (await makeAdmin(authority, await adminKey!, now)),
      expires: admin ? kept!.expires : expires,
    };
    await replace(folder, made);
    return made;
  };
}

/** The PKI kept in `folder`, made at the first start. */
export const openPki = async (folder: string, names: string[], now: number): Promise<Pki> =>
  (await beginPki(folder, now))(names);

const fileIn = (folder: string) => join(folder, 'pki.json');

async function replace(folder: string, made: Kept): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${fileIn(folder)}.new`, JSON.stringify(made), { mode: 0o600 });
  await rename(`${fileIn(folder)}.new`, fileIn(folder));
}

/** Returns what the folder holds; undefined before the first start. */
export const readPki = (folder: string): Promise<Omit<Pki, 'frontProxy'> | undefined> => read(fileIn(folder));

async function read(file: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${error}); delete it to have new certificates made`);
  }
}
