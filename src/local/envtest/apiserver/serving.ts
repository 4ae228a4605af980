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

/**
 * The authority that approved requests are signed by, from what kube-controller-manager calls `--cluster-signing-cert-file` and
 * `--cluster-signing-key-file`. @throws OptionsError when only one of them is named or nothing can be signed with them
 */
export async function signingPair(env: Record<string, string | undefined>): Promise<Pair | undefined> {
  const { SHALLOP_CLUSTER_SIGNING_CERT_FILE: certificate, SHALLOP_CLUSTER_SIGNING_KEY_FILE: key } = env;
  if (!certificate && !key) return undefined;
  if (!certificate || !key)
    throw new OptionsError(
      'SHALLOP_CLUSTER_SIGNING_CERT_FILE and SHALLOP_CLUSTER_SIGNING_KEY_FILE should be specified together',
    );
  const what = 'failed to load the authority that signs';
  const pair = { certificate: await readPem(certificate, what), key: await readPem(key, what) };
  const { checkAuthority } = await import('../../pki/authority.ts');
  try {
    await checkAuthority(pair);
  } catch (error) {
    throw new OptionsError(
      `${what}: error reading CA cert file "${certificate}": ${(error as Error).message}`,
    );
  }
  return pair;
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
