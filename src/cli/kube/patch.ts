import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { table } from '../../shared/meta/table.ts';
import { readInput } from '../readInput.ts';
import { type Chosen, chosenObjects, forEachChosen } from './chosen.ts';
import { apiVersionOf, pathOf } from './discovery.ts';
import { dryRunOf } from './dryRun.ts';
import { report, ServerError } from './failure.ts';
import { documentsIn } from './manifests.ts';
import type { KubeObject } from './objects.ts';
import { query } from './read.ts';
import type { Scene } from './scene.ts';
import { changeParameters, tellDone } from './tell.ts';

const types: Record<string, string> = table({
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
});

/** Patches the objects that the call names. */
export async function runPatch(scene: Scene): Promise<number> {
  const { call } = scene;
  const asked = call.text('type') ?? 'strategic';
  const text = patchText(scene);
  const type = types[asked.toLowerCase()];
  if (!type) throw new Error(`--type must be one of [json merge strategic], not ${JSON.stringify(asked)}`);
  const body = parsed(text);
  const { chosen, problems } = await chosenObjects(scene);
  if (!chosen.length && !problems.length) throw new Error('no objects passed to patch');
  const failures = await forEachChosen(scene, chosen, (one) => patchOne(scene, one, type, body));
  return report([...failures, ...problems]);
}

function patchText({ call, io }: Scene): string {
  const [text, file] = [call.text('patch'), call.text('patch-file')];
  if (text && file) throw new Error('cannot specify --patch and --patch-file together');
  if (text) return text;
  if (!file) throw new Error('must specify --patch or --patch-file containing the contents of the patch');
  try {
    return readInput(resolve(io.cwd, file)).toString();
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      `unable to read patch file: ${isMissing ? `open ${file}: no such file or directory` : (error as Error).message}`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return documentsIn(text, 'patch')[0] ?? null;
  } catch (error) {
    throw new Error(`unable to parse ${JSON.stringify(text)}: ${(error as Error).message}`);
  }
}

async function patchOne(scene: Scene, { resource, namespace, name }: Chosen, type: string, body: unknown) {
  const { call, connection } = scene;
  const path = pathOf(resource, namespace, name, call.text('subresource'));
  const before = await connection.json<KubeObject>({ path });
  // What comes of a patch is the server's to say, also when nothing is written.
  const isDry = dryRunOf(call) !== 'none';
  const parameters = { ...changeParameters(scene, 'kubectl-patch'), ...(isDry && { dryRun: 'All' }) };
  const after = await connection
    .json<KubeObject>({ method: 'PATCH', path: `${path}${query(parameters)}`, type, body })
    .catch((error) => {
      if (!(error instanceof ServerError) || error.status.code !== 415) throw error;
      const what = `${apiVersionOf(resource)}, Kind=${resource.kind}`;
      throw new Error(`${type} is not supported by ${what}: ${error.status.message}`);
    });
  // A subresource may be of another kind.
  const [group = ''] = after.apiVersion!.includes('/') ? after.apiVersion!.split('/') : [];
  const word = isDeepStrictEqual(before, after) ? 'patched (no change)' : 'patched';
  tellDone(scene, { kind: after.kind!, group }, after, word, '');
}
