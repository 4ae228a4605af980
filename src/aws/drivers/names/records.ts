import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { NameRecord, ServiceRef } from '../../../shared/ports/cloud.ts';
import { domainOf } from '../domain.ts';

/** Describes where names are published. */
export interface Zone {
  /** Route 53's id. */
  id: string;
  /** `cluster.local`. */
  domain: string;
  /** Name of the deployment: whose records these are. */
  deployment: string;
}

const ttlSeconds = 5;
const ownerLabel = '_shallop';

const originOf = ({ domain }: Zone, cluster: string) => `${domainOf(domain, cluster)}.`;

/** The name that all of a Service's records have or end in. */
export const apexOf = (zone: Zone, { cluster, namespace, name }: ServiceRef): string =>
  `${name}.${namespace}.svc.${originOf(zone, cluster)}`;

/** In Route 53's order, of names read from their end with a dot behind, all of them follow the apex without a gap. */
export const isBelow = (apex: string, name: string): boolean => name === apex || name.endsWith(`.${apex}`);

/** The Service's records as Route 53 has them, and one that tells whose they are. None without records. */
export function recordSets(zone: Zone, ref: ServiceRef, records: NameRecord[]): ResourceRecordSet[] {
  if (records.length === 0) return [];
  const origin = originOf(zone, ref.cluster);
  const absolute = (name: string) => (name.endsWith('.') ? name : `${name}.${origin}`);
  const written = (type: NameRecord['type'], value: string) => {
    if (type === 'CNAME') return absolute(value);
    if (type !== 'SRV') return value;
    const at = value.lastIndexOf(' ') + 1;
    return value.slice(0, at) + absolute(value.slice(at));
  };
  const owner = [
    ['deployment', zone.deployment],
    ...Object.entries({ cluster: ref.cluster, namespace: ref.namespace, name: ref.name, uid: ref.uid }),
  ];
  return [
    ...records.map(({ name, type, values }) =>
      setOf(absolute(name), type, values.map((value) => written(type, value)).sort()),
    ),
    setOf(`${ownerLabel}.${apexOf(zone, ref)}`, 'TXT', [owner.map(([k, v]) => `"${k}=${v}"`).join(' ')]),
  ];
}

const setOf = (Name: string, Type: ResourceRecordSet['Type'], values: string[]): ResourceRecordSet => ({
  Name: Name.toLowerCase(),
  Type,
  TTL: ttlSeconds,
  ResourceRecords: values.map((Value) => ({ Value })),
});

/** Returns the owner that a TXT record names for the records beside it; undefined for others and other deployments. */
export function ownerIn({ deployment }: Zone, { Name = '', Type, ResourceRecords }: ResourceRecordSet) {
  if (Type !== 'TXT' || !Name.startsWith(`${ownerLabel}.`)) return undefined;
  const pairs = [...(ResourceRecords?.[0]?.Value ?? '').matchAll(/"(\w+)=([^"]*)"/g)];
  const values = Object.fromEntries(pairs.map(([, key, value]) => [key, value])) as Record<string, string>;
  const { cluster, namespace, name, uid } = values;
  return values.deployment === deployment && cluster && namespace && name && uid
    ? { cluster, namespace, name, uid }
    : undefined;
}

/** Returns what turns the one into the other: deletions first, since a CNAME stands beside nothing. Pure. */
export function changesBetween(found: ResourceRecordSet[], wanted: ResourceRecordSet[]): Change[] {
  const before = new Map(found.map((set) => [keyOf(set), set]));
  const after = new Map(wanted.map((set) => [keyOf(set), set]));
  return [
    ...[...before]
      .filter(([key]) => !after.has(key))
      .map(([, set]) => ({ Action: 'DELETE' as const, ResourceRecordSet: set })),
    ...[...after]
      .filter(([key, set]) => contentOf(set) !== contentOf(before.get(key)))
      .map(([, set]) => ({ Action: 'UPSERT' as const, ResourceRecordSet: set })),
  ];
}

const keyOf = ({ Name, Type }: ResourceRecordSet) => `${Name} ${Type}`;
const contentOf = (set: ResourceRecordSet | undefined) =>
  set && JSON.stringify([set.TTL, ...(set.ResourceRecords ?? []).map(({ Value }) => Value).sort()]);

/** Route 53 takes 1,000 values and 32,000 characters at a time, and counts an UPSERT twice. */
const maxValues = 500;
const maxCharacters = 16_000;

/** Changes that fit into one request each. */
export function batches(changes: Change[]): Change[][] {
  const all: Change[][] = [];
  let values = 0;
  let characters = 0;
  for (const change of changes) {
    const records = change.ResourceRecordSet?.ResourceRecords ?? [];
    const length = records.reduce((sum, { Value = '' }) => sum + Value.length, 0);
    if (all.length === 0 || values + records.length > maxValues || characters + length > maxCharacters) {
      all.push([]);
      values = characters = 0;
    }
    all.at(-1)!.push(change);
    values += records.length;
    characters += length;
  }
  return all;
}
