import { expect, test } from '@jest/globals';
import { services } from '../../shared/controllers/resources.ts';
import type { Service } from '../../shared/kinds/schema/types.ts';
import { stillExists } from './stillExists.ts';

const service = (uid: string, more = {}): Service => ({
  metadata: { namespace: 'ns', name: 's', uid, ...more },
});

test.each([
  { there: service('1'), expected: true, why: 'is there' },
  { there: undefined, expected: false, why: 'is gone' },
  { there: service('2'), expected: false, why: 'was made anew' },
  { there: service('1', { deletionTimestamp: '2026-01-01T00:00:00Z' }), expected: false, why: 'is going' },
])('an object that $why stays: $expected', async ({ there, expected }) => {
  const client = { get: async () => there as never };
  expect(await stillExists(client, services, service('1'))).toBe(expected);
});
