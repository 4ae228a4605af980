import type { JSONSchemaProps } from '../../schema/types.ts';

/** Finds the old item for a new one in a list whose items have keys; in other lists items have no past. */
export function keyedItems(schema: JSONSchemaProps, old: unknown): (item: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys.length === 0 || !Array.isArray(old))
    return () => undefined;
  const properties = schema.items && !Array.isArray(schema.items) ? schema.items.properties : undefined;
  const keyOf = (item: unknown): string | undefined =>
    typeof item === 'object' && item !== null
      ? JSON.stringify(
          keys.map((key) => (item as Record<string, unknown>)[key] ?? properties?.[key]?.default ?? null),
        )
      : undefined;
  const byKey = new Map<string | undefined, unknown>();
  for (const item of old) byKey.set(keyOf(item), item);
  return (item) => byKey.get(keyOf(item));
}
