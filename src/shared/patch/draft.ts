import { isObject } from '../meta/isObject.ts';
import { define } from './merge.ts';

export type Container = Record<string, unknown> | unknown[];

/**
 * A JSON document that is changed step by step. Nothing is copied before it is changed: parts of the original, of a
 * patch, and what stands in several places are shared until then, so that a copy costs nothing, however large.
 */
export class Draft {
  root: unknown;
  /** Containers that were made here and stand in one place. One below a container that is shared counts as shared. */
  readonly #own = new WeakSet<object>();

  constructor(original: unknown) {
    this.root = original;
  }

  /** The container at the path, which may be changed; undefined where there is none. */
  containerAt(path: readonly string[]): Container | undefined {
    if (!isContainer(this.root)) return undefined;
    let at = this.#owned(this.root);
    this.root = at;
    for (const part of path) {
      const inner = partOf(at, part);
      if (!isContainer(inner)) return undefined;
      const own = this.#owned(inner);
      if (own !== inner) put(at, part, own);
      at = own;
    }
    return at;
  }

  /** Says that the value is going to stand in another place as well. */
  share(value: unknown): void {
    if (isContainer(value)) this.#own.delete(value);
  }

  #owned(container: Container): Container {
    if (this.#own.has(container)) return container;
    const copy = Array.isArray(container) ? [...container] : { ...container };
    if (Array.isArray(copy)) for (const item of copy) this.share(item);
    else for (const key in copy) this.share(copy[key]);
    this.#own.add(copy);
    return copy;
  }
}

/** Returns what stands in a container under a name or, in a list, at a place; undefined for nothing. */
export function partOf(container: Container, part: string): unknown {
  if (Array.isArray(container)) return container[placeIn(part, container.length)];
  return Object.hasOwn(container, part) ? container[part] : undefined;
}

/** The place in a list that a text says; negative ones count from the end, as the library behind a real server allows. */
export function placeIn(text: string, length: number): number {
  if (!/^-?(0|[1-9]\d*)$/.test(text)) return Number.NaN;
  const index = Number(text);
  return index < 0 ? length + index : index;
}

export const isContainer = (value: unknown): value is Container => Array.isArray(value) || isObject(value);

function put(container: Container, part: string, value: unknown): void {
  if (Array.isArray(container)) container[placeIn(part, container.length)] = value;
  else define(container, part, value);
}
