import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { AnyObject } from '../../meta/object.ts';
import type { Column } from '../kind.ts';
import { kinds } from '../registry.ts';

interface Table {
  object: AnyObject;
  columns: { name: string; type: string; format: string; priority: number }[];
  cells: unknown[];
}

/** Objects of a real server and the rows that it printed for them. */
const folder = new URL('../testdata/tables/', import.meta.url);

test.each(readdirSync(folder).sort())('%s is printed as by a real server', (file) => {
  const { object, columns, cells } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Table;
  const kind = kinds.find(
    (k) => k.kind === object.kind && `${k.group && `${k.group}/`}${k.version}` === object.apiVersion,
  )!;
  expect(kind.columns.map(headOf)).toEqual(columns);
  const now = Date.parse(object.metadata.creationTimestamp!) + ageIn(columns, cells);
  expect(kind.columns.map((column) => column.value(object, now))).toEqual(cells);
});

const headOf = ({ name, type, format = '', priority = 0 }: Column) => ({ name, type, format, priority });

/** Milliseconds that the object was old when the row was made. */
function ageIn(columns: Table['columns'], cells: unknown[]): number {
  const age = cells[columns.findIndex(({ name }) => name === 'Age')];
  return typeof age === 'string' ? Number.parseInt(age, 10) * 1000 : 0;
}
