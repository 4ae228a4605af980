import type { KubeObject } from '../../meta/object.ts';
import type { Column } from '../kind.ts';
import { since } from './duration.ts';

/** Shorthands for the columns of a kind. */
type Cell = string | number | boolean | null;
type Value<T> = (object: T, now: number) => Cell;

/** A column that `kubectl get` always shows. */
export const column = <T>(name: string, description: string, value: Value<T>): Column<T> => ({
  name,
  type: 'string',
  description,
  value,
});

/** A column that shows with `-o wide` only. */
export const wideColumn = <T>(name: string, description: string, value: Value<T>): Column<T> => ({
  ...column(name, description, value),
  priority: 1,
});

/** Counts that Kubernetes declares as integers. (Many it declares as strings and sends as numbers all the same.) */
export const integerColumn = <T>(name: string, description: string, value: Value<T>): Column<T> => ({
  ...column(name, description, value),
  type: 'integer',
});

/** Returns whether something is so. */
export const booleanColumn = <T>(name: string, description: string, value: Value<T>): Column<T> => ({
  ...column(name, description, value),
  type: 'boolean',
});

export const nameColumn: Column<KubeObject> = {
  ...column<KubeObject>('Name', 'The name of the object.', ({ metadata }) => metadata.name ?? ''),
  format: 'name',
};

export const ageColumn: Column<KubeObject> = column(
  'Age',
  'How long ago the object was created.',
  ({ metadata }, now) => since(metadata.creationTimestamp, now),
);

/** Is what objects of kinds without columns of their own show instead of an age. */
export const createdAtColumn: Column<KubeObject> = {
  ...column<KubeObject>(
    'Created At',
    'When the object was created.',
    ({ metadata }) => metadata.creationTimestamp ?? '',
  ),
  type: 'date',
};
