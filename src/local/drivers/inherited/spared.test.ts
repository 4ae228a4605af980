import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { needs, notLinux } from '../../../../test/support/needs.ts';

const file = '/proc/self/oom_score_adj';
const mayBeSpared = () => spawnSync('sh', ['-c', `echo -999 >${file}`]).status === 0;

/** Is a process of its own: what it does to itself would stay with the tests that come after this one. */
const program = (score: string) => `
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { spareThisProcess } from '${new URL('spared.ts', import.meta.url)}';
import { startApart } from '${new URL('startApart.ts', import.meta.url)}';
const ofPod = () => text(startApart(['cat', '${file}'], ['ignore', 'pipe', 'ignore'], {}).stdout);
spareThisProcess('${score}');
console.log(JSON.stringify([await ofPod(), await ofPod(), readFileSync('${file}', 'utf8')].map(Number)));
`;

needs(notLinux).test.each([
  ['a kubelet', '-999', () => mayBeSpared()],
  ['who may only be spared less', '300', () => true],
])('programs of Pods have the score that this process had before it got that of %s', (_, score, may) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program(score)]);
  expect(stderr.toString()).toBe('');
  const usual = Number(readFileSync(file, 'utf8'));
  expect(JSON.parse(stdout.toString())).toEqual([usual, usual, may() ? Number(score) : usual]);
});
