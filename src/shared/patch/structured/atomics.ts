import { partShape, type Shape, shapeFor } from '../../kinds/schema/shape.ts';

/** Places of a configuration whose value is owned whole though it has parts, in the words of structured-merge-diff. */
export function atomicsIn(value: unknown, form: Shape, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const shape = shapeFor(value, form);
  if (shape.is === 'leaf') return [path];
  if (shape.is === 'list')
    return (value as unknown[]).flatMap((item, index) => atomicsIn(item, shape.of, `${path}[${index}]`));
  // Entries of a map are not looked into.
  if (shape.is === 'map') return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    atomicsIn(inner, partShape(shape, name), `${path}.${name}`),
  );
}
