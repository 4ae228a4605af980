import { expect, test } from '@jest/globals';
import { encodeClaim, encodeFreed } from './claims.ts';
import type { Write } from './requests.ts';
import { verdictOf } from './verdict.ts';

const key = { cluster: 'default', resource: 'pods', namespace: 'a', name: 'x' };
const write = { claims: [encodeClaim(key, '1'), encodeClaim(key, '2')] } as Write;
const create = { type: 'put' as const, key, build: () => Buffer.from('') };
const update = { ...create, expected: '4' };

const ok = { Code: 'None' };
const busy = { Code: 'TransactionConflict' };
const failed = (item?: object) => ({
  Code: 'ConditionalCheckFailed',
  ...(item && { Item: item as Record<string, unknown> }),
});
const stored = failed({ revision: { N: '5' } });
const gone = failed({ gone: { N: '5' } });
const held = failed(encodeClaim({ ...key, cluster: 'branch' }, ''));
const own = failed(encodeClaim(key, ''));
const freed = failed(encodeFreed(key, '', { revision: 9, at: 0, expires: 0 }));

const refused = (reason: string) => ({ error: { reason }, unused: true });
const holds = (...claims: string[]) => ({ error: { reason: 'Invalid', claims }, unused: true });
const again = { unused: true };

test.each([
  { why: 'it is there', order: create, reasons: [stored, ok, ok, ok], verdict: refused('AlreadyExists') },
  { why: 'it is there with the claim', order: create, reasons: [stored, ok, ok, own], verdict: holds('2') },
  { why: 'it went later', order: create, reasons: [gone, ok, ok, ok], verdict: again },
  { why: 'it went, others hold', order: create, reasons: [gone, ok, held, held], verdict: holds('1', '2') },
  { why: 'a claim was freed later', order: create, reasons: [ok, ok, freed, ok], verdict: again },
  { why: 'one freed, one held', order: create, reasons: [ok, ok, freed, held], verdict: holds('2') },
  { why: 'given up', order: create, reasons: [ok, failed(), ok, ok], verdict: { unused: false } },
  { why: 'it changed', order: update, reasons: [stored, ok, held, ok], verdict: refused('Conflict') },
  { why: 'it went', order: update, reasons: [gone, ok, ok, ok], verdict: refused('NotFound') },
  { why: 'it went long ago', order: update, reasons: [failed(), ok, ok, ok], verdict: refused('NotFound') },
  { why: 'another holds', order: update, reasons: [ok, ok, ok, held], verdict: holds('2') },
  // Another process's update of the same object is just being committed.
  { why: 'it just got it', order: update, reasons: [busy, ok, own, ok], verdict: refused('Conflict') },
])('$order.expected: $why', ({ order, reasons, verdict }) => {
  const found = verdictOf(order, write, reasons);
  expect(found).toMatchObject(verdict);
  expect(found!.error === undefined).toBe(!('error' in verdict));
});

test('reasons that say nothing about the write are no verdict', () => {
  expect(verdictOf(update, write, [busy, ok, ok, ok])).toBeUndefined();
  expect(verdictOf(update, write, undefined)).toBeUndefined();
});
