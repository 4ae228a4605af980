import { dirname, join, normalize } from 'node:path';
import { importsOf, type Source } from './sources.ts';

export interface Edges {
  /** Everything that a file names. */
  all: Map<string, string[]>;
  /** What is loaded with it at run time: neither types nor dynamic imports. */
  loaded: Map<string, string[]>;
  /** What is loaded with it or later: dynamic imports too, but no types. */
  atRunTime: Map<string, string[]>;
}

/** Who imports whom, by path. */
export function importGraph(files: readonly Source[]): Edges {
  const all = new Map<string, string[]>();
  const loaded = new Map<string, string[]>();
  const atRunTime = new Map<string, string[]>();
  for (const { path, text } of files) {
    const near = importsOf(text)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map((each) => ({ ...each, target: normalize(join(dirname(path), each.specifier)) }));
    all.set(
      path,
      near.map(({ target }) => target),
    );
    const real = near.filter(({ typeOnly }) => !typeOnly);
    atRunTime.set(
      path,
      real.map(({ target }) => target),
    );
    loaded.set(
      path,
      real.filter(({ isDynamic }) => !isDynamic).map(({ target }) => target),
    );
  }
  return { all, loaded, atRunTime };
}

/** Every file that these lead to, themselves included. */
export function reachedFrom(starts: readonly string[], edges: ReadonlyMap<string, string[]>): Set<string> {
  const reached = new Set<string>();
  const left = [...starts];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    left.push(...(edges.get(path) ?? []));
  }
  return reached;
}

/** Groups of files that import one another in a circle, each in order of its paths (Tarjan's algorithm). */
export function circlesIn(edges: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const path of edges.keys()) if (!order.has(path)) visit(path);
  return found;
}
