import { expect, test } from '@jest/globals';
import { programOf, translationOf } from './ruleset.ts';
import type { TranslatedPort } from './translated.ts';

const at = { address: '10.128.128.7', port: 80 };
const ends = [2, 3].map((last) => ({ address: `10.128.0.${last}`, port: 8080 }));
const plain: TranslatedPort = { at, to: ends };
const sticky: TranslatedPort = { ...plain, affinitySeconds: 10 };
const none = translationOf([]);
const linesOf = (program: string) => program.trimEnd().split('\n');
const table = 'ip shallop-services';
const chains = [
  `add chain ${table} out { type nat hook output priority -99; policy accept; }`,
  `add chain ${table} shut { type filter hook output priority -98; policy accept; }`,
  `flush table ${table}`,
];

test('a namespace of which nothing is known gets the table anew', () => {
  expect(linesOf(programOf(translationOf([plain])))).toEqual([
    `add table ${table}`,
    `delete table ${table}`,
    `add table ${table}`,
    ...chains,
    `add rule ${table} out ip daddr 10.128.128.7 tcp dport 80 dnat ip to numgen random mod 2 map { 0 : 10.128.0.2 . 8080, 1 : 10.128.0.3 . 8080 }`,
  ]);
  expect(linesOf(programOf(none))).toEqual([`add table ${table}`, `delete table ${table}`]);
});

test('clients stay with their endpoint: what is remembered stays, but of those that are gone', () => {
  const [first, second] = ends;
  const both = translationOf([sticky]);
  const program = linesOf(programOf(translationOf([{ ...sticky, to: [second!] }]), both));
  const name = (last: number) => `to/10.128.128.7/80/10.128.0.${last}/8080/10`;
  expect(program).toEqual([
    `add table ${table}`,
    ...chains,
    `delete set ${table} ${name(2)}`,
    `add set ${table} ${name(3)} { type ipv4_addr; size 16; flags dynamic,timeout; timeout 10s; }`,
    ...[` ip saddr @${name(3)}`, ''].map(
      (where) =>
        `add rule ${table} out ip daddr 10.128.128.7 tcp dport 80${where} update @${name(3)} { ip saddr } dnat to 10.128.0.3:8080`,
    ),
  ]);
  expect(both.rules.filter((rule) => rule.includes('numgen random mod 2 == 0'))).toHaveLength(1);
  expect(both.rules.at(-1)).not.toContain('numgen');
  expect(first).toBeDefined();
});

test('where nobody is to be led to, silence', () => {
  for (const port of [plain, sticky])
    expect(translationOf([{ ...port, to: [] }]).rules).toEqual([
      `add rule ${table} shut ct state new ip daddr 10.128.128.7 tcp dport 80 drop`,
    ]);
});
