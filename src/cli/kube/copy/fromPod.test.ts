import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { pack } from 'tar-stream';
import type { Call, Io } from '../../verb.ts';
import { copyFromPod } from './fromPod.ts';
import type { Run } from './index.ts';

const call: Call = { positionals: [], text: () => undefined, texts: () => [], flag: () => false };

test('an archive that is refused ends the command in the container, which would go on for ever', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'shallop-from-pod-'));
  const archive = pack();
  archive.entry({ name: 'other/file' }, 'not asked for');
  archive.finalize();
  const bytes = Buffer.concat(await Readable.from(archive).toArray());
  const io = {
    cwd,
    out: () => {},
    err: () => {},
    write: () => {},
    interrupted: new AbortController().signal,
  } as unknown as Io;
  const run: Run = async ({ stdout }, signal) => {
    await stdout(bytes);
    return new Promise((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  try {
    const copied = copyFromPod({ call, io }, { pod: 'web', path: '/src' }, 'to', run);
    await expect(copied).rejects.toThrow('tar contents corrupted');
  } finally {
    rmSync(cwd, { recursive: true });
  }
});
