import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandLine, ExitCodeReader } from './script.ts';

const text = (code: number) => `\u{1e}${code}\u{1e}`;

/** Splits a line as POSIX shells do: what ECS runs is the words. */
const run = (line: string) => execFileSync('sh', ['-c', line], { encoding: 'latin1' });

test.each([
  [['echo', 'hello']],
  [['printf', '%s|', "it's", '"quoted"', '$HOME', '`id`', 'a\\b', '*', '', ' ', 'ü']],
  [['sh', '-c', 'echo $0 "$1"; exit 3', 'x', 'y z']],
])('%j runs as it stands, and tells its code', (words) => {
  const reader = new ExitCodeReader();
  const output = reader.take(Buffer.from(run(commandLine(words)), 'latin1'));
  const [program = '', ...args] = words;
  let expected: string;
  let code = 0;
  try {
    expected = execFileSync(program, args, { encoding: 'latin1' });
  } catch (error) {
    ({ stdout: expected, status: code } = error as { stdout: string; status: number });
  }
  expect(output.toString('latin1')).toBe(expected);
  expect(reader.end()).toEqual({ code });
});

test('the exit code is found however the output comes in pieces, and nothing else is lost', () => {
  const piece = fc.oneof(fc.constantFrom('a', '\u{1e}', '7', text(0), text(9)), fc.string());
  fc.assert(
    fc.property(fc.array(piece), fc.nat(255), fc.array(fc.nat(20)), (pieces, code, cuts) => {
      const body = Buffer.from(pieces.join(''));
      const all = Buffer.concat([body, Buffer.from(text(code))]);
      const reader = new ExitCodeReader();
      const got: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        got.push(reader.take(all.subarray(at, at + cut)));
        at += cut;
      }
      got.push(reader.take(all.subarray(at)));
      expect(Buffer.concat(got).equals(body)).toBe(true);
      expect(reader.end()).toEqual({ code });
    }),
  );
});

test('without a code everything is output', () => {
  const reader = new ExitCodeReader();
  expect(reader.take(Buffer.from('a\u{1e}1')).toString()).toBe('a');
  expect(reader.end()).toEqual({ rest: Buffer.from('\u{1e}1') });
});
