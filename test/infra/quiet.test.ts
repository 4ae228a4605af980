import { expect, jest, test } from '@jest/globals';
import { synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

test('C8: a synthesis in a test prints nothing', () => {
  const printed = (['error', 'warn', 'log'] as const).map((level) =>
    jest.spyOn(console, level).mockImplementation(() => {}),
  );
  try {
    synthesise();
    expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
  } finally {
    for (const spy of printed) spy.mockRestore();
  }
});
