import type { AnyObject, KubeObject } from '../../../meta/object.ts';
import type { Column, Kind } from '../../kind.ts';
import { goSchema } from '../../schema/goSchema.ts';

/** The same objects under an earlier version: nothing but the version and the names of the types differ. */
export function olderVersion<Older extends KubeObject, Newer extends KubeObject>(
  newer: Kind<Newer>,
): Kind<Older> {
  const as = <T>(object: KubeObject, version: string): T =>
    ({ ...object, apiVersion: `${newer.group}/${version}` }) as unknown as T;
  const asNewer = (object: Older) => as<Newer>(object, newer.version);
  return {
    group: newer.group,
    version: 'v1alpha1',
    kind: newer.kind,
    plural: newer.plural,
    singular: newer.singular,
    namespaced: newer.namespaced,
    ...(newer.categories && { categories: newer.categories }),
    verbs: newer.verbs,
    deprecated: `${newer.group}/v1alpha1 ${newer.kind} is deprecated in v1.35+, unavailable in v1.38+`,
    schema: goSchema(`AdmissionregistrationV1alpha1${newer.kind}`),
    ...(newer.generation && { generation: newer.generation }),
    ...(newer.needsRevision && { needsRevision: newer.needsRevision }),
    validate: (object, old) => newer.validate?.(asNewer(object), old && asNewer(old)) ?? [],
    columns: newer.columns.map(
      (column): Column<Older> => ({ ...column, value: (object, now) => column.value(asNewer(object), now) }),
    ),
    storedAs: {
      resource: `${newer.plural}.${newer.group}`,
      toStored: (object) => as<AnyObject>(object, newer.version),
      fromStored: (stored) => as<Older>(stored, 'v1alpha1'),
    },
  };
}
