import { UsageError } from '../../verb.ts';
import { pathOf } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { printObjects } from '../print/objects.ts';
import { type Scene, secondsOf } from '../scene.ts';
import { resourceNamed } from '../targets.ts';

/** `token ACCOUNT`: asks for a token of a service account, and prints it. */
export async function createToken(scene: Scene, words: string[]): Promise<number> {
  const { call, io, connection, namespace } = scene;
  const [name, ...more] = words;
  if (!name || more.length) throw new UsageError(`exactly one NAME is required, got ${words.length}`);
  const seconds = secondsOf(call, 'duration');
  if (call.text('duration')?.startsWith('-'))
    throw new Error('--duration must be greater than or equal to 0');
  const kind = call.text('bound-object-kind');
  const bound = call.text('bound-object-name');
  if (kind && !bindable.has(kind))
    throw new Error(`supported --bound-object-kind values are ${[...bindable.keys()].sort().join(', ')}`);
  if (kind && !bound) throw new Error('--bound-object-name is required if --bound-object-kind is provided');
  if (!kind && bound)
    throw new Error('--bound-object-name can only be set if --bound-object-kind is provided');
  const uid = call.text('bound-object-uid');
  const audiences = call.texts('audience');
  const spec = {
    ...(audiences.length && { audiences }),
    ...(seconds && { expirationSeconds: Math.trunc(seconds) }),
    ...(kind && {
      boundObjectRef: { kind, apiVersion: bindable.get(kind), name: bound, ...(uid && { uid }) },
    }),
  };
  const accounts = resourceNamed('serviceaccounts', await scene.resources());
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec };
  const answer = await connection
    .json<KubeObject & { status?: { token?: string } }>({
      method: 'POST',
      path: pathOf(accounts, namespace, name, 'token'),
      body,
    })
    .catch((error) => {
      throw error instanceof Error && 'status' in error
        ? new Error(`failed to create token: ${(error as { status: { message?: string } }).status.message}`)
        : error;
    });
  const output = call.text('output');
  if (output) printObjects([answer], output, io);
  else {
    if (!answer.status?.token) throw new Error(`failed to create token: no token in server response`);
    io.out(answer.status.token);
  }
  return 0;
}

const bindable: ReadonlyMap<string, string> = new Map([
  ['Node', 'v1'],
  ['Pod', 'v1'],
  ['Secret', 'v1'],
]);
