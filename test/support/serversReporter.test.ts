import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { needs, notLinux } from './needs.ts';

const { serversWith } = createRequire(import.meta.url)('./serversReporter.cjs') as {
  serversWith(mark: string): { pid: number; command: string }[];
};

needs(notLinux).test(
  'C6: a server that a test leaves is found by the mark of its run, and nothing else is',
  async () => {
    const start = async (verb: string, run: string) => {
      const env = { PATH: process.env.PATH, SHALLOP_TEST_RUN: run };
      const program = 'console.log(1); setInterval(() => {}, 1000)';
      const child = spawn(process.execPath, ['-e', program, 'shallop.js', verb], { env });
      await once(child.stdout, 'data');
      return child;
    };
    const children = [await start('up', 'ours'), await start('get', 'ours'), await start('up', 'theirs')];
    try {
      expect(serversWith('SHALLOP_TEST_RUN=ours').map(({ pid }) => pid)).toEqual([children[0]!.pid]);
    } finally {
      for (const child of children) child.kill();
    }
  },
);
