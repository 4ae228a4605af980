/** Go's words for a value of the wrong JSON type. */
import { table } from '../../meta/table.ts';
import { DecodeError } from './decode-error.ts';
import { type Field, type Ref, type Type, typeOf } from './facts.ts';

/** Nesting beyond this is refused; real objects, JSON schemas included, stay far below. */
export const maxDepth = 500;

/** Describes where in the value the decoder is. */
export interface Context {
  unknownFields?: string[];
  /** The type of the whole value. */
  root: Type;
  /** Field names, map keys and list indices from the root. */
  path: (string | number)[];
  /** The field names alone. */
  fields: string[];
}

/** The field that holds the value; messages name it and its struct. */
export interface Place {
  owner: Type;
  field: Field;
}

/** `json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container`. */
export function mismatch(context: Context, found: string, expected: string, place?: Place): DecodeError {
  const where = place ? `struct field ${place.owner.goName}.${goPath(context)} of` : 'value of';
  return new DecodeError(`json: cannot unmarshal ${found} into Go ${where} type ${expected}`);
}

/** Structs that Go embeds: messages name them too. By type, the fields that are in them. */
const embedded: Record<string, { name: string; has(field: string): boolean }> = table({
  Probe: {
    name: 'ProbeHandler',
    has: (field) => ['exec', 'httpGet', 'tcpSocket', 'grpc'].includes(field),
  },
  Volume: { name: 'VolumeSource', has: (field) => field !== 'name' },
  EphemeralContainer: {
    name: 'EphemeralContainerCommon',
    has: (field) => field !== 'targetContainerName',
  },
  ...Object.fromEntries(
    [
      'ConfigMapEnvSource',
      'SecretEnvSource',
      'ConfigMapKeySelector',
      'SecretKeySelector',
      'ConfigMapVolumeSource',
      'ConfigMapProjection',
      'SecretProjection',
    ].map((type) => [type, { name: 'LocalObjectReference', has: (field: string) => field === 'name' }]),
  ),
});

function goPath({ root, fields }: Context): string {
  let type: Type | undefined = root;
  return fields
    .flatMap((name) => {
      const within = type && embedded[type.goName];
      const ref = type?.byName.get(name)?.ref;
      const element = ref?.is === 'list' || ref?.is === 'map' ? ref.of : ref;
      type = element?.is === 'struct' ? typeOf(element.name) : undefined;
      return within?.has(name) ? [within.name, name] : [name];
    })
    .join('.');
}

/** The word Go has for the JSON type of a decoded value. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value;
}

/** Writes the Go name of a type, `v1.Pod`, as messages about wrong types show it. */
export const goStruct = ({ version, goName }: Type): string => `${version}.${goName}`;

/** The Go type of a value, as reflection prints it. `scalarName` is the name of a named scalar, if it is one. */
export function goType(ref: Ref, scalarName?: string): string {
  switch (ref.is) {
    case 'list':
      return `[]${goType(ref.of)}`;
    case 'map':
      if (ref.of.is === 'special' && ref.of.name === 'Quantity') return 'v1.ResourceList';
      return `map[string]${goType(ref.of)}`;
    case 'struct':
      return goStruct(typeOf(ref.name));
    case 'enum':
      return `v1.${ref.name}`;
    case 'special':
      return specialPackages[ref.name] ? `${specialPackages[ref.name]}.${ref.name}` : `v1.${ref.name}`;
    case 'scalar':
      return ref.name === 'bytes' ? '[]uint8' : (scalarName ?? ref.name);
  }
}

const specialPackages: Record<string, string> = table({
  Quantity: 'resource',
  IntOrString: 'intstr',
  RawExtension: 'runtime',
});
