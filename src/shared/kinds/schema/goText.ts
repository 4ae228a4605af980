import { table } from '../../meta/table.ts';
import { type Field, findType, type Ref } from './facts.ts';
import { zeroOf } from './zero.ts';

/** Fields whose names in Go are more than a capital letter away. */
const acronyms: Record<string, string> = table({
  apiGroup: 'APIGroup',
  apiGroups: 'APIGroups',
  cel: 'CEL',
  csi: 'CSI',
  ips: 'IPs',
  uid: 'UID',
});

const goNameOf = (name: string): string => acronyms[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

/**
 * A value of a type as messages of Kubernetes show it where they print what it is inside the server: every field by
 * its name in Go, absent ones too.
 */
export function goText(goType: string, value: object): object {
  const type = findType(goType);
  if (!type) return value;
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    type.fields.map((field) => [goNameOf(field.name), shown(field.ref, given[field.name], field)]),
  );
}

function shown(ref: Ref, value: unknown, field?: Field): unknown {
  if (value === undefined || value === null) return field ? absent(field) : null;
  if (ref.is === 'list') return (value as unknown[]).map((item) => shown(ref.of, item));
  if (ref.is === 'map')
    return Object.fromEntries(
      Object.entries(value as object).map(([key, item]) => [key, shown(ref.of, item)]),
    );
  return ref.is === 'struct' ? goText(ref.name, value as object) : value;
}

function absent({ ref, pointer }: Field): unknown {
  if (pointer || ['list', 'map', 'special'].includes(ref.is)) return null;
  if (ref.is === 'scalar' && ref.name === 'bytes') return null;
  return ref.is === 'struct' ? goText(ref.name, {}) : zeroOf(ref);
}
