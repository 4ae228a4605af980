import { expect, test } from '@jest/globals';
import { execute } from './plane.ts';

test('a program that does not take all of its input is judged by what it says', async () => {
  for (let i = 0; i < 5; i++)
    expect(await execute('sh', ['-c', 'head -c 3; exit 4'], process.env, 'x'.repeat(2_000_000))).toEqual({
      code: 4,
      stdout: 'xxx',
      stderr: '',
    });
});
