import { PassThrough } from 'node:stream';
import { writeTo } from '../../../shared/streams/write.ts';
import { ServerError } from '../failure.ts';
import { numberOf, type Scene } from '../scene.ts';
import { type FileSpec, prefixOf } from './filespec.ts';
import type { Run } from './index.ts';
import { unpack } from './unpack.ts';

/** Copies a file or a folder out of a container. */
export async function copyFromPod(
  { call, io }: Pick<Scene, 'call' | 'io'>,
  from: FileSpec,
  to: string,
  run: Run,
): Promise<number> {
  const tries = numberOf(call, 'retries') ?? 0;
  const tar = new PassThrough();
  const hint = `shallop exec -n ${JSON.stringify(from.namespace ?? '')} ${JSON.stringify(from.pod)} -- tar cf - ${JSON.stringify(from.path)} | tar xf -`;
  const unpacking = unpack(tar, { prefix: prefixOf(from.path), to, cwd: io.cwd, warn: io.err, hint });
  const failed = new AbortController();
  // It is awaited below; until then a failure only ends the reading, and the command that would go on writing.
  unpacking.catch(() => {
    tar.destroy();
    failed.abort();
  });
  let read = 0;
  const stdout = (chunk: Uint8Array) => {
    read += chunk.length;
    return writeTo(tar, chunk);
  };
  for (let retries = 0; ; retries++) {
    try {
      const command = commandFor(from.path, tries, retries && read + 1);
      const code = await run({ command, stdout, stderr: io.write }, failed.signal);
      tar.end();
      if (failed.signal.aborted) await unpacking;
      if (!code) break;
      await unpacking.catch(() => {});
      io.err(`command terminated with exit code ${code}`);
      return code;
    } catch (error) {
      if (failed.signal.aborted) await unpacking;
      const mayTryAgain = tries < 0 || retries < tries;
      if (!mayTryAgain || error instanceof ServerError || io.interrupted.aborted) {
        tar.destroy();
        throw error;
      }
      io.out(`Resuming copy at ${read} bytes, retry ${retries + 1}/${tries}`);
    }
  }
  await unpacking;
  return 0;
}

/** What was read already is left out, where the copy may be taken up again. */
const commandFor = (path: string, tries: number, begin: number): string[] =>
  tries ? ['sh', '-c', `tar cf - "$0" | tail -c+${begin}`, path] : ['tar', 'cf', '-', path];
