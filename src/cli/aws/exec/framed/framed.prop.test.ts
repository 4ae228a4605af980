import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FramesReader } from './reader.ts';
import { framedCommandLine } from './script.ts';
import { inFrames } from './talk.ts';

interface Outcome {
  stdout: Buffer;
  stderr: Buffer;
  code: number | undefined;
  why: string | undefined;
}

/** Runs a program as a container would, on a terminal. */
function run(words: string[], input?: Buffer, path = process.env.PATH): Promise<Outcome> {
  const said: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const line = ['-qec', framedCommandLine(words, input !== undefined), '/dev/null'];
  const child = spawn('/usr/bin/script', line, { env: { PATH: path, SHELL: '/bin/sh' } });
  return new Promise((resolve) => {
    const talk = inFrames({
      write: (stream, bytes) => void said[stream].push(Buffer.from(bytes)),
      finish: (code, why) =>
        resolve({ stdout: Buffer.concat(said.stdout), stderr: Buffer.concat(said.stderr), code, why }),
      send: async (bytes) => void child.stdin.write(bytes),
    });
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes: Buffer) => talk.output('stdout', bytes));
    child.once('close', () => talk.ended({}));
    if (input) void talk.input(input).then(talk.inputEnd);
  });
}

const all = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));

test('every byte goes in, and comes out of either output, as it is', async () => {
  const { stdout, stderr, code } = await run(['tee', '/dev/stderr'], all);
  expect(stdout.equals(all)).toBe(true);
  expect(stderr.equals(all)).toBe(true);
  expect(code).toBe(0);
});

test.each([
  { words: ['printf', '%s|', "it's", '$HOME', '`id`', 'a\\b', '', ' ', 'ü;'], code: 0, stdout: "it's|" },
  { words: ['sh', '-c', 'echo out; echo err >&2; exit 7'], code: 7, stdout: 'out\n', stderr: 'err\n' },
  { words: ['sh', '-c', 'kill -9 $$'], code: 137, stdout: '' },
  { words: ['exit', '3'], code: 127, stdout: '', stderr: 'not found' },
  // Nobody types anything.
  { words: ['cat'], code: 0, stdout: '' },
])('$words ends with $code', async ({ words, code, stdout, stderr = '' }) => {
  const outcome = await run(words);
  expect(outcome).toMatchObject({ code, why: undefined });
  expect(outcome.stdout.toString()).toContain(stdout);
  expect(outcome.stderr.toString()).toContain(stderr);
});

test('what is not read holds nothing up', async () => {
  expect(await run(['head', '-c', '3'], all)).toMatchObject({ code: 0, stdout: all.subarray(0, 3) });
});

test('a container without base64 says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-framed-'));
  try {
    symlinkSync('/bin/sh', join(folder, 'sh'));
    const { code, why } = await run(['true'], undefined, folder);
    expect(code).toBeUndefined();
    expect(why).toMatch(/base64: .*not found.*without a terminal exec needs sh, base64, dd and stty/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('frames are found however they come in pieces', () => {
  const frame = fc.record({ stream: fc.constantFrom('stdout', 'stderr'), bytes: fc.uint8Array() });
  fc.assert(
    fc.property(fc.array(frame), fc.nat(255), fc.array(fc.nat(20)), (frames, code, cuts) => {
      const outputs = frames.map(
        ({ stream, bytes }) =>
          `\u{1e}${stream === 'stdout' ? 'o' : 'e'}${Buffer.from(bytes).toString('base64')};`,
      );
      const whole = Buffer.from(`noise\u{1e}r;${outputs.join('\r\n')}\u{1e}x${code};`);
      const reader = new FramesReader();
      const got = [];
      let at = 0;
      for (const cut of [...cuts, whole.length]) {
        got.push(...reader.take(whole.subarray(at, at + cut)));
        at += cut;
      }
      expect(got).toEqual([
        { is: 'ready' },
        ...frames.map(({ stream, bytes }) => ({ is: 'output', stream, bytes: Buffer.from(bytes) })),
        { is: 'exit', code },
      ]);
    }),
  );
});
