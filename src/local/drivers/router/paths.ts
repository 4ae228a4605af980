import { posix } from 'node:path';

/** Everything before the query. */
export const pathOf = (url: string): string => url.split('?', 1)[0]!;

/** As the program behind will read it, so that `..` leads around no rule. */
export function cleaned(path: string): string {
  try {
    return posix.normalize(decodeURI(path));
  } catch {
    return path;
  }
}

/** A path of a rule as paths of requests are compared with it. */
export function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** A path without the slashes at its end. Not by an expression: that looks at each run of slashes again and again. */
export function stemOf(path: string): string {
  let end = path.length;
  while (end && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** What of a path follows the stem of a prefix; undefined when it is not below it, element by element. */
export function below(stem: string, path: string): string | undefined {
  if (!path.startsWith(stem)) return undefined;
  const rest = path.slice(stem.length);
  return rest === '' || rest.startsWith('/') ? rest : undefined;
}
