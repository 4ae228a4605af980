import type { Readable } from 'node:stream';
import { canonicalName, parseReference } from '../../images/reference.ts';
import type { PullProgress } from './answers.ts';
import { type EngineClient, EngineError } from './client.ts';
import { jsonLines } from './frames.ts';

/** What an engine says of each image that it took from an archive; Podman of several at once. */
const taken = /^Loaded images?(?: ID)?: *(.+)$/gm;

/**
 * Has an engine take the images of an archive, of docker save or OCI. Answers their names, or identifiers where the
 * archive has no names; those get `name`. Throws EngineError, in the engine's words.
 */
export async function loadIntoEngine(
  client: EngineClient,
  archive: Readable,
  name?: string,
): Promise<string[]> {
  const progress = await client.stream('POST', '/images/load', { archive });
  let said = '';
  for await (const { stream = '', error, errorDetail } of jsonLines<PullProgress & { stream?: string }>(
    progress,
  )) {
    const why = errorDetail?.message ?? error;
    if (why) throw new EngineError(500, why);
    said += stream;
  }
  const loaded = [...said.matchAll(taken)]
    .flatMap(([, names = '']) => names.split(/,\s*/))
    .map((each) => each.trim());
  if (!loaded.length) throw new EngineError(500, said.trim() || 'the engine found no image in the archive');
  if (name === undefined) return loaded;
  const [repo, tag] = splitName(canonicalName(parseReference(name)));
  for (const each of loaded) await client.ask('POST', `/images/${each}/tag`, { query: { repo, tag } });
  return [name];
}

/** `registry:5000/app:v1` is `registry:5000/app` and `v1`. */
function splitName(name: string): [repo: string, tag: string] {
  const colon = name.lastIndexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}
