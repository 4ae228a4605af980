import { credentialsFor, keyringOf } from '../../images/credentials.ts';
import { canonicalName, parseReference, type Reference, repositoryOf } from '../../images/reference.ts';
import { type FoundImage, ImageMissing, type PulledImage } from '../sandbox.ts';
import type { ImageInspect } from './answers.ts';
import type { EngineClient } from './client.ts';
import { carryOut } from './progress.ts';
import { daemonError, isStatus } from './words.ts';

/** Looks an image up in the engine. Throws ImageMissing, or InvalidImageName. */
export async function findImage(client: EngineClient, name: string): Promise<FoundImage> {
  const found = await inspect(client, name);
  if (!found) throw new ImageMissing(`image "${name}" is not present`);
  return foundImage(found, name);
}

async function inspect(client: EngineClient, name: string): Promise<ImageInspect | undefined> {
  const reference = parseReference(name);
  // Podman keeps what was built or loaded without a registry's name under another one.
  const own = `localhost/${reference.path.replace(/^library\//, '')}:${reference.tag}`;
  const names = [canonicalName(reference), ...(isShort(name, reference) && reference.tag ? [own] : [])];
  for (const each of names) {
    try {
      return await client.ask<ImageInspect>('GET', `/images/${each}/json`);
    } catch (error) {
      if (!isStatus(error, 404)) throw daemonError(error);
    }
  }
  return undefined;
}

/** A name that says no registry. */
const isShort = (name: string, { domain }: Reference): boolean =>
  domain === 'docker.io' && !/^(index\.)?docker\.io\//.test(name);

function foundImage({ Id, RepoDigests, Config }: ImageInspect, name: string): FoundImage {
  const { Entrypoint, Cmd, Env, WorkingDir, User, Volumes, StopSignal } = Config ?? {};
  const env = (Env ?? []).map((line) => {
    const [, key = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(line) ?? [];
    return [key, value];
  });
  const digests = RepoDigests ?? [];
  const reference = parseReference(name);
  const engineId = Id.startsWith('sha256:') ? Id : `sha256:${Id}`;
  return {
    id: digests.find((each) => isOf(each, reference)) ?? digests[0] ?? engineId,
    engineId,
    command: Entrypoint ?? [],
    args: Cmd ?? [],
    env: Object.fromEntries(env),
    workingDir: WorkingDir || '/',
    volumes: Object.keys(Volumes ?? {}),
    // No registry gave it.
    ...(!digests.length && { loaded: true }),
    ...(isShort(name, reference) && { maybeBuiltHere: true }),
    ...(User && { user: User }),
    ...(StopSignal && { stopSignal: StopSignal }),
  };
}

const isOf = (digest: string, reference: Reference) =>
  repositoryOf(parseReference(digest)) === repositoryOf(reference);

/**
 * Has the engine fetch an image, with each of the credentials that fit it until one is taken, or without any. Throws
 * with what the engine said of the last try.
 */
export async function pullImage(
  client: EngineClient,
  name: string,
  secrets: Record<string, string>[],
  signal: AbortSignal,
): Promise<PulledImage> {
  const reference = parseReference(name);
  const repository = repositoryOf(reference);
  const fitting = secrets.flatMap((secret) => credentialsFor([keyringOf(secret)], repository) ?? []);
  const tries = fitting.length ? fitting : [undefined];
  let failure: Error | undefined;
  for (const credentials of tries) {
    const auth = credentials && { ...credentials, serveraddress: reference.domain };
    failure = await fetchOnce(client, reference, auth, signal);
    if (!failure) break;
  }
  if (failure) throw failure;
  const image = await inspect(client, name);
  if (!image) throw new Error(`image "${name}" was pulled and is not present`);
  return { image: foundImage(image, name), bytes: image.Size ?? 0 };
}

/** Answers why it failed. */
async function fetchOnce(
  client: EngineClient,
  reference: Reference,
  auth: object | undefined,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const { digest, tag = 'latest' } = reference;
  const repository = repositoryOf(reference);
  try {
    await carryOut(client, '/images/create', {
      query: digest ? { fromImage: `${repository}@${digest}` } : { fromImage: repository, tag },
      ...(auth && { headers: { 'X-Registry-Auth': encoded(auth) } }),
      signal,
    });
    return undefined;
  } catch (error) {
    return daemonError(error);
  }
}

/** Base64 for addresses, with the padding that engines insist on. */
const encoded = (auth: object) =>
  Buffer.from(JSON.stringify(auth)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
