import { elementOf, partShape, type Shape, shapeFor, written } from '../../kinds/schema/shape.ts';

/** Returns a path as a server-side apply writes it: `.containers[name="c"].image` for `containers[0].image`. */
export function keyedPath(value: unknown, form: Shape, path: string): string {
  const [step = '', name, index] = /^\.?(?:([^.[]+)|\[(\d+)\])/.exec(path) ?? [];
  const shape = shapeFor(value, form);
  const rest = path.slice(step.length);
  if (shape.is === 'list' && Array.isArray(value) && index !== undefined && shape.keys) {
    const item = value[Number(index)];
    return written(elementOf(item, shape.keys)) + keyedPath(item, shape.of, rest);
  }
  if ((shape.is === 'map' || shape.is === 'struct') && name !== undefined) {
    const inner = (value as Record<string, unknown> | undefined)?.[name];
    return `.${name}${keyedPath(inner, partShape(shape, name), rest)}`;
  }
  return path && !/^[.[]/.test(path) ? `.${path}` : path;
}
