import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { addressRange } from '../../../shared/admission/serviceaddresses/range.ts';
import { serverNames } from '../../names.ts';
import type { Pair } from '../../pki/index.ts';
import { type ApiserverConfig, OptionsError } from './config.ts';

/**
 * The certificate to serve with, which is made where there is none, as a real server does: then its file holds the
 * authority too, and clients may take it for theirs. @throws OptionsError when a file cannot be read
 */
export async function servingPair(
  { serving, bind, advertised, serviceCidr }: ApiserverConfig,
  now: number,
): Promise<Pair> {
  const found = await Promise.all([readIfThere(serving.certificate), readIfThere(serving.key)]);
  const [certificate, key] = found;
  if (certificate && key) return { certificate, key };
  if (!serving.mayMake || certificate || key) {
    const absent = certificate ? serving.key : serving.certificate;
    throw new OptionsError(`open ${absent}: no such file or directory`);
  }
  const names = [...serverNames(bind, addressRange(serviceCidr).at(0)), advertised];
  const { makeAuthority, makeServer } = await import('../../pki/make.ts');
  const authority = await makeAuthority(now);
  const { server } = await makeServer(authority, [...new Set(names)], now);
  const made = { certificate: `${server.certificate}\n${authority.certificate}\n`, key: server.key };
  await mkdir(dirname(serving.certificate), { recursive: true });
  await writeFile(serving.certificate, made.certificate, { mode: 0o644 });
  await writeFile(serving.key, made.key, { mode: 0o600 });
  return made;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OptionsError((error as Error).message);
  }
}

/** @throws OptionsError in the words of kube-apiserver */
export async function readPem(file: string, what: string): Promise<string> {
  const found = await readIfThere(file);
  if (found === undefined) throw new OptionsError(`${what}: open ${file}: no such file or directory`);
  return found;
}
