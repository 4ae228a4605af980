import { expect, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';

const read = (accessEntries: unknown) =>
  readSettings((key) => (key === 'accessEntries' ? accessEntries : undefined));
const entry = { principalArn: 'arn:aws:iam::111122223333:role/dev' };

test.each([[[entry]], [JSON.stringify([entry])]])('%j are taken', (entries) =>
  expect(read(entries).accessEntries).toBe(JSON.stringify([entry])),
);

test.each([
  ['{}', /list of access entries/],
  ['[{', /-c accessEntries: no JSON/],
  [[{ principalArn: 'dev' }], /-c accessEntries: \[0\]\.principalArn/],
  [Array.from({ length: 60 }, () => entry), /longer than 2700 bytes/],
])('%j would fail in the function, and is refused before', (entries, why) =>
  expect(() => read(entries)).toThrow(why),
);
