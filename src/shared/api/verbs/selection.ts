import { badRequest } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import { type FieldSelector, parseFieldSelector } from '../../meta/fields.ts';
import { parseLabelSelector, type Selector } from '../../meta/labels.ts';
import type { Stored } from '../../storage/storage.ts';
import type { Context } from '../context.ts';

/** Which objects a list, watch or deletecollection is about; asks only the index, never the bytes. */
export interface Selection {
  labels?: Selector;
  fields?: FieldSelector;
  /** Absent when everything matches. */
  matches?: (stored: Stored) => boolean;
}

export function selectionOf({ kind, query, path }: Context): Selection {
  const labelText = query.get('labelSelector');
  const fieldText = query.get('fieldSelector');
  const labels = labelText ? parseLabelSelector(labelText) : undefined;
  const fields = fieldText ? checked(parseFieldSelector(fieldText), kind) : undefined;
  // The old watch form names one object in its path.
  const name = path.name || undefined;
  if ((!labels || labels.matchesEverything) && !fields?.terms.length && !name) return {};
  return {
    labels,
    fields,
    matches: (stored) =>
      (name === undefined || stored.key.name === name) &&
      (labels?.matches(stored.index.labels) ?? true) &&
      (fields?.matches((field) => valueOf(stored, field)) ?? true),
  };
}

function valueOf({ key, index }: Stored, field: string): string {
  if (field === 'metadata.name') return key.name;
  if (field === 'metadata.namespace') return key.namespace;
  return index.fields?.[field] ?? '';
}

function checked(selector: FieldSelector, kind: Kind): FieldSelector {
  const known = (field: string) =>
    field === 'metadata.name' ||
    field === 'metadata.namespace' ||
    Object.hasOwn(kind.selectableFields ?? {}, field);
  const stranger = selector.terms.find(({ field }) => !known(field));
  if (stranger) throw badRequest(`field label not supported: ${stranger.field}`);
  return selector;
}
