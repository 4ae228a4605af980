import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ManualClock } from '../clock/manualClock.ts';
import { seededIds } from '../clock/seededIds.ts';
import type { AnyObject } from '../meta/object.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { findKind, kinds } from './registry.ts';
import { findType } from './schema/facts.ts';

const table = kinds.map((kind) => ({ name: `${kind.kind} of ${apiVersionOf(kind)}`, kind }));
const ctx = { clock: new ManualClock(), ids: seededIds(1) };

const folderOf = ({ group, version, singular, kind }: Kind): URL =>
  new URL(`./${group || 'core'}/${version}/${singular || kind.toLowerCase()}/`, import.meta.url);

function exampleOf(kind: Kind): AnyObject {
  const manifest = parse(readFileSync(new URL('example.yaml', folderOf(kind)), 'utf8')) as unknown;
  const unknownFields: string[] = [];
  const object = kind.schema.decode(manifest, unknownFields);
  expect(unknownFields).toEqual([]);
  return kind.schema.withDefaults(object);
}

test.each(table)('$name stands in its folder and is found by its address', ({ kind }) => {
  expect(existsSync(new URL('index.ts', folderOf(kind)))).toBe(true);
  expect(findKind(kind.group, kind.version, kind.plural)).toBe(kind);
  expect(kind.plural).toBe(kind.plural.toLowerCase());
  expect(findType(kind.schema.goType!)).toMatchObject({
    goName: kind.kind,
    group: kind.group,
    version: kind.version,
  });
});

test.each(table)('the example of $name is valid when created and when nothing changes', ({ kind }) => {
  const object = exampleOf(kind);
  expect(object).toMatchObject({ apiVersion: apiVersionOf(kind), kind: kind.kind });
  kind.prepareForCreate?.(object, ctx);
  expect(kind.validate?.(object) ?? []).toEqual([]);
  const stored = structuredClone(object);
  kind.prepareForUpdate?.(object, stored, ctx);
  expect(object).toEqual(stored);
  expect(kind.validate?.(object, stored) ?? []).toEqual([]);
});

test.each(table)('every column of $name has a value for the example', ({ kind }) => {
  const object = exampleOf(kind);
  expect(kind.columns.some(({ format }) => format === 'name')).toBe(true);
  for (const column of kind.columns) {
    expect(['string', 'number', 'boolean']).toContain(typeof column.value(object, ctx.clock.now()));
  }
});

test.each(table)('selectable fields of $name are texts, on an object without content too', ({ kind }) => {
  const empty = kind.schema.decode({ metadata: {} });
  for (const object of [empty, exampleOf(kind)]) {
    for (const read of Object.values(kind.selectableFields ?? {})) {
      expect(typeof read(object)).toBe('string');
    }
  }
});

test('names, short names and addresses do not collide', () => {
  const short = kinds.flatMap(({ group, version, shortNames = [] }) =>
    shortNames.map((name) => `${group}/${version}/${name}`),
  );
  expect(new Set(short).size).toBe(short.length);
  expect(new Set(table.map(({ name }) => name)).size).toBe(kinds.length);
});
