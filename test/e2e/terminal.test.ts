import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { record, session, withCommand } from '../../tools/terminal.ts';
import { needs, notLinux } from '../support/needs.ts';
import { until } from '../support/until.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-picture-'));
  // By root it is recorded as nobody.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('C6: the picture passes no options and sets nothing that it does not show', () => {
  expect(session.filter((command) => !/^(shallop|curl) /.test(command))).toEqual([]);
});

needs(notLinux).test('C6: a recording that fails leaves neither processes nor folders', async () => {
  await withCommand(async () => {
    const commands = ['shallop get namespaces', 'shallop get nothing-of-that-kind'];
    await expect(record(commands, folder)).rejects.toThrow("doesn't have a resource type");
    expect(readdirSync(folder)).toEqual([]);
    await until('no process is left', () => processesWith(folder).length === 0);

    const lines = await record(['shallop get namespaces'], folder);
    const typed = lines.filter(({ isCommand }) => isCommand).map(({ text }) => text);
    expect(typed).toEqual(['shallop up &', 'shallop get namespaces']);
    expect(lines.find(({ text }) => text.startsWith('data folder'))?.text).toContain(' ~/');
    expect(readdirSync(folder)).toEqual([]);
    await until('no process is left', () => processesWith(folder).length === 0);
  });
});

/** Of any user, by what their environment says. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
