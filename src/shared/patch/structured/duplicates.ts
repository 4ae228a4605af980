import { elementOf, partsOf, type Shape, shapeFor, written } from '../../kinds/schema/shape.ts';

/** The first list of a configuration that names an item twice, in the words of a real server. */
export function duplicateIn(value: unknown, form: Shape, path = ''): string | undefined {
  const shape = shapeFor(value, form);
  if (shape.is === 'leaf' || typeof value !== 'object' || value === null) return undefined;
  if (shape.is === 'list' && Array.isArray(value)) {
    const seen = new Set<string>();
    for (const item of value) {
      const element = elementOf(item, shape.keys);
      if (seen.has(element)) return `${path}: duplicate entries for key ${written(element)}`;
      seen.add(element);
    }
  }
  for (const [element, [inner, of]] of partsOf(value, shape)) {
    const found = duplicateIn(inner, of, path + written(element));
    if (found) return found;
  }
  return undefined;
}
