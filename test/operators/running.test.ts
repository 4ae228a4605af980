import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { start } from '../../tools/operators/running.ts';
import { until } from '../support/until.ts';

const inFolder = (work: (folder: string) => Promise<void>) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-running-'));
  await work(folder).finally(() => rm(folder, { recursive: true, force: true }));
};

test(
  'a program that cannot be started says so, and can be stopped as any other',
  inFolder(async (folder) => {
    const running = start('absent', join(folder, 'absent'), [], process.env, join(folder, 'log'));
    await expect(running.ended).rejects.toThrow('ENOENT');
    await running.stop();
  }),
);

test(
  'what a program has left writes to nobody once it is stopped',
  inFolder(async (folder) => {
    const ended = join(folder, 'ended');
    const left = `(trap '' PIPE; while echo more; do :; done 2>/dev/null; echo > ${ended}) &`;
    const script = `trap 'exit 0' TERM; ${left} wait`;
    const running = start('parent', 'sh', ['-c', script], process.env, join(folder, 'log'));
    await until('there is output', () => running.tail().includes('more'));
    await running.stop();
    await until('nobody takes it', () => existsSync(ended), 10_000);
  }),
);

test(
  'a program that does not listen to SIGTERM is ended all the same',
  inFolder(async (folder) => {
    const script = "trap '' TERM; echo ready; exec sleep 600";
    const running = start('deaf', 'sh', ['-c', script], process.env, join(folder, 'log'), 10);
    await until('the program is ready', () => running.tail().includes('ready'));
    await running.stop();
    expect(running.tail()).toBe('deaf:\nready');
  }),
);
