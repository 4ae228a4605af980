import { badRequest } from '../../errors/common.ts';
import { type FieldSelector, parseFieldSelector } from '../../meta/fields.ts';
import type { Selector } from '../../meta/labels.ts';
import { parseLabelSelector } from '../../meta/parseLabels.ts';
import { ownValue } from '../../meta/table.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';

/** Describes which of the stored objects a list or watch is about. */
export interface Filter {
  labels?: Selector;
  fields?: FieldSelector;
  /** The only name that can match, if the selector says one. */
  name?: string;
  matches(stored: Pick<Stored, 'key' | 'index'>): boolean;
}

const everything: Filter = { matches: () => true };

/** The selectors of a request. Throws BadRequest. */
export function filterOf(call: Call): Filter {
  const labelText = call.query.get('labelSelector');
  const fieldText = call.query.get('fieldSelector');
  if (!labelText && !fieldText && !call.name) return everything;
  const parsed = labelText ? parseLabelSelector(labelText) : undefined;
  const labels = parsed?.matchesEverything ? undefined : parsed;
  const fields = fieldText ? checkedFields(call, fieldText) : undefined;
  // A watch below an object's path is about that object.
  const name = call.name || fields?.exactly('metadata.name');
  if (!labels && !fields?.terms.length && name === undefined) return everything;
  return {
    ...(labels && { labels }),
    ...(fields?.terms.length && { fields }),
    ...(name !== undefined && { name }),
    matches: (stored) =>
      (name === undefined || stored.key.name === name) &&
      (!labels || labels.matches(stored.index.labels)) &&
      (!fields || fields.matches((field) => fieldOf(stored, field))),
  };
}

function fieldOf({ key, index }: Pick<Stored, 'key' | 'index'>, field: string): string {
  if (field === 'metadata.name') return key.name;
  if (field === 'metadata.namespace') return key.namespace;
  return ownValue(index.fields, field) ?? '';
}

function checkedFields({ served: { kind } }: Call, text: string): FieldSelector {
  const selector = parseFieldSelector(text);
  const selectable = kind.selectableFields ?? {};
  for (const { field } of selector.terms) {
    if (field === 'metadata.name' || Object.hasOwn(selectable, field)) continue;
    // Kinds that say nothing of it are all asked for the namespace, even those without any.
    if (field === 'metadata.namespace' && (kind.namespaced || !kind.selectableFields)) continue;
    throw badRequest(
      kind.selectableFields
        ? (kind.unknownField?.(field) ?? `field label not supported: ${field}`)
        : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  return selector;
}
