import { expect, test } from '@jest/globals';
import { expose } from './exposition.ts';

test('families stand by name, a summary with its parts, and those without figures not at all', () => {
  const labels = { verb: 'a"b\\c\nd' };
  const text = expose([
    {
      name: 'seconds',
      help: 'Time.',
      type: 'summary',
      samples: [
        { part: 'sum', labels, value: 0.5 },
        { part: 'count', labels, value: 2 },
      ],
    },
    { name: 'none', help: 'Nothing.', type: 'counter', samples: [] },
    { name: 'open', help: 'Doors.', type: 'gauge', samples: [{ labels: {}, value: 1, at: 1000.4 }] },
  ]);
  expect(text).toBe(
    [
      '# HELP open Doors.',
      '# TYPE open gauge',
      'open 1 1000',
      '# HELP seconds Time.',
      '# TYPE seconds summary',
      'seconds_sum{verb="a\\"b\\\\c\\nd"} 0.5',
      'seconds_count{verb="a\\"b\\\\c\\nd"} 2',
      '',
    ].join('\n'),
  );
});
