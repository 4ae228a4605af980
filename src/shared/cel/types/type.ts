import { table } from '../../meta/table.ts';

/** A static type: a name and its parameters. `dyn` is any type, `error` the type of what did not check. */
export interface Type {
  readonly kind:
    | 'scalar'
    | 'list'
    | 'map'
    | 'object'
    | 'opaque'
    | 'type'
    | 'parameter'
    | 'dyn'
    | 'error'
    | 'null';
  readonly name: string;
  readonly parameters: readonly Type[];
}

const make = (kind: Type['kind'], name: string, ...parameters: Type[]): Type => ({ kind, name, parameters });

export const boolType = make('scalar', 'bool');
export const intType = make('scalar', 'int');
export const uintType = make('scalar', 'uint');
export const doubleType = make('scalar', 'double');
export const stringType = make('scalar', 'string');
export const bytesType = make('scalar', 'bytes');
export const durationType = make('scalar', 'google.protobuf.Duration');
export const timestampType = make('scalar', 'google.protobuf.Timestamp');
export const nullType = make('null', 'null_type');
export const dynType = make('dyn', 'dyn');
export const errorType = make('error', '!error!');

export const listOf = (element: Type): Type => make('list', 'list', element);
export const mapOf = (key: Type, value: Type): Type => make('map', 'map', key, value);
export const optionalOf = (value: Type): Type => make('opaque', 'optional_type', value);
export const typeOf = (type: Type): Type => make('type', 'type', type);
/** An object with declared fields; a provider knows them by the name. */
export const objectType = (name: string): Type => make('object', name);
/** A value that only functions look into. */
export const opaqueType = (name: string): Type => make('opaque', name);
export const parameter = (name: string): Type => make('parameter', name);
/** The type with other parameters. */
export const withParameters = (type: Type, parameters: readonly Type[]): Type => ({ ...type, parameters });

export const isDyn = (type: Type): boolean => type.kind === 'dyn';
export const isDynOrError = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error';
export const isOptional = (type: Type): boolean => type.kind === 'opaque' && type.name === 'optional_type';

export function sameType(left: Type, right: Type): boolean {
  if (left === right) return true;
  return (
    left.kind === right.kind &&
    left.name === right.name &&
    left.parameters.length === right.parameters.length &&
    left.parameters.every((own, index) => sameType(own, right.parameters[index]!))
  );
}

const shown: Record<string, string> = table({
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
});

/** A type as messages write it: `list(string)`, `timestamp`, `null`. */
export function formatType(type: Type): string {
  if (type.kind === 'null') return 'null';
  if (type.kind === 'scalar') return shown[type.name] ?? type.name;
  if (type.parameters.length === 0) return type.name;
  return `${type.name}(${type.parameters.map(formatType).join(', ')})`;
}

/** The types of arguments as messages write them: `string.(int, int)` for a method, `(int, int)` for a function. */
export function formatCall(types: readonly Type[], method: boolean): string {
  const shownTypes = types.map(formatType);
  const target = method ? `${shownTypes.shift()}.` : '';
  return `${target}(${shownTypes.join(', ')})`;
}

/** A name without the dot that says that it is no relative one; there are no namespaces here. */
export const absoluteName = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);
