import { expect, test } from '@jest/globals';
import { type Ended, transcript } from '../../tools/conformance-suite/transcript.ts';

const a = '[sig-apps] Job should run [Conformance]';
const b = '[sig-apps] Job should fail [Conformance]';
const dashes = '-'.repeat(30);

function endedIn(lines: string[]): Ended[] {
  const reader = transcript([a, b]);
  const ended = lines.flatMap((line) => reader.line(line) ?? []);
  return [...ended, ...[reader.end()].flatMap((last) => last ?? [])];
}

test.each<[string, string[], Ended[]]>([
  [
    'a spec that passes',
    [dashes, `${a} [sig-apps]`, '  STEP: x', '• [1.250 seconds]', dashes],
    [{ name: a, outcome: 'passed', seconds: 1.25 }],
  ],
  [
    'a slow spec that passes',
    [a, '• [SLOW TEST] [61.000 seconds]'],
    [{ name: a, outcome: 'passed', seconds: 61 }],
  ],
  [
    'a failure with the words of its summary, on several lines',
    [
      `${b} [sig-apps, Slow]`,
      '  [FAILED] in [It] - job.go:5 @ 11/29/26',
      '• [FAILED] [0.019 seconds]',
      '[sig-apps] Job [It] should fail [Conformance] [sig-apps, Slow]',
      'job.go:1',
      '',
      '  [FAILED] Expected',
      '      <int>: 1',
      '  In [It] at: job.go:5 @ 11/29/26',
      dashes,
    ],
    [{ name: b, outcome: 'failed', seconds: 0.019, failure: 'Expected <int>: 1' }],
  ],
  [
    'a panic is no pass',
    [a, '• [PANICKED!] [0.100 seconds]', dashes],
    [{ name: a, outcome: 'failed', seconds: 0.1 }],
  ],
  [
    'a spec that the suite skips',
    [a, 'S [SKIPPED] [0.100 seconds]', '  [SKIPPED] no nodes', '  In [It] at: x', dashes],
    [{ name: a, outcome: 'skipped', seconds: 0.1, failure: 'no nodes' }],
  ],
  [
    'an output that ends in the middle of a spec',
    [a, '  STEP: x'],
    [{ name: a, outcome: 'crashed', seconds: 0 }],
  ],
  [
    'two specs, one after the other',
    [a, '• [1.000 seconds]', b, '• [2.000 seconds]'],
    [
      { name: a, outcome: 'passed', seconds: 1 },
      { name: b, outcome: 'passed', seconds: 2 },
    ],
  ],
  ['verdicts outside of specs', ['• [1.000 seconds]', 'S [SKIPPED] [0.000 seconds]'], []],
])('%s', (_, lines, ended) => expect(endedIn(lines)).toEqual(ended));
