import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseCidr } from './addresses.ts';
import { AddressPool } from './addressPool.ts';

test('an address that could not be written down is not had, and the next try writes it down', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-addresses-'));
  const open = () => AddressPool.open(folder, parseCidr('10.1.0.0/16'));
  const pool = await open();
  rmSync(folder, { recursive: true });
  await expect(pool.take('a')).rejects.toThrow('ENOENT');
  expect([pool.addressOf('a'), ...pool.addresses]).toEqual([undefined]);
  mkdirSync(folder);
  const address = await pool.take('a');
  expect((await open()).addressOf('a')).toBe(address);
  rmSync(folder, { recursive: true });
});

test('a note that a killed process had no time to write is written by the next one that takes the address', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-addresses-'));
  const open = () => AddressPool.open(folder, parseCidr('10.1.0.0/16'));
  const address = await (await open()).take('a');
  expect(await (await open()).take('a', 'default node')).toBe(address);
  expect((await open()).noteOf('a')).toBe('default node');
  rmSync(folder, { recursive: true });
});
