/** The columns of `kubectl get` that a definition asks for. */
import type { AnyObject } from '../../meta/object.ts';
import type { Column } from '../kind.ts';
import { nameColumn } from '../printing/columns.ts';
import { since } from '../printing/duration.ts';
import { asText, firstOfPath } from '../printing/jsonpath.ts';
import type { CustomResourceColumnDefinition } from '../schema/types.ts';

const age: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description: 'How long ago the object was created.',
  jsonPath: '.metadata.creationTimestamp',
};

/** Without any, the age. */
export const columnsOf = (columns: CustomResourceColumnDefinition[] = []): Column[] => [
  nameColumn as Column,
  ...(columns.length ? columns : [age]).map(columnOf),
];

function columnOf({
  name,
  type,
  format,
  description,
  priority,
  jsonPath,
}: CustomResourceColumnDefinition): Column {
  const find = finder(jsonPath);
  return {
    name,
    type: type as Column['type'],
    ...(format && { format }),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    ...(priority && { priority }),
    value: (object, now) => cell(type, find(object), now),
  };
}

/** A path that cannot be read leads nowhere. */
function finder(path: string): (object: AnyObject) => unknown {
  try {
    return firstOfPath(path);
  } catch {
    return () => undefined;
  }
}

function cell(type: string, value: unknown, now: number): string | number | boolean | null {
  if (value === undefined || (value === null && type !== 'string')) return null;
  switch (type) {
    case 'string':
      return value === null ? '<nil>' : asText(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : since(value, now);
    default:
      return null;
  }
}
