import { maxDepth } from '../kinds/schema/mismatch.ts';
import { type Container, isContainer } from './draft.ts';

/** Describes how large a value is. */
export interface Size {
  /** Bytes of its JSON. */
  bytes: number;
  /** Levels of objects and lists; Infinity for more than are taken. */
  levels: number;
}

/** Bytes. What is smaller is measured again faster than it is found. */
const smallest = 128;
/** The level below which nothing is read any more: the recursion ends. */
const mostLevels = maxDepth + 1;

/**
 * Returns how large values are. What has been measured must not change afterwards: it is measured once, wherever it
 * stands, so that a patch of copies of copies takes no longer than their number says.
 */
export function measuring(): (value: unknown) => Size {
  const known = new WeakMap<object, Size>();

  function measured(value: unknown, level: number): Size {
    if (!isContainer(value)) return { bytes: bytesOf(value), levels: 0 };
    const found = known.get(value);
    if (found) return found;
    if (level > mostLevels) return { bytes: 0, levels: Number.POSITIVE_INFINITY };
    const size = Array.isArray(value) ? ofList(value, level) : ofObject(value, level);
    if (size.bytes >= smallest) known.set(value, size);
    return size;
  }

  function ofList(list: unknown[], level: number): Size {
    const size = { bytes: 2 + Math.max(0, list.length - 1), levels: 1 };
    for (const item of list) add(size, item, level);
    return size;
  }

  function ofObject(object: Exclude<Container, unknown[]>, level: number): Size {
    const size = { bytes: 2, levels: 1 };
    let count = 0;
    for (const key in object) {
      if (object[key] === undefined) continue;
      size.bytes += bytesOf(key) + 1;
      count++;
      add(size, object[key], level);
    }
    size.bytes += Math.max(0, count - 1);
    return size;
  }

  function add(size: Size, value: unknown, level: number): void {
    if (!isContainer(value)) {
      size.bytes += bytesOf(value);
      return;
    }
    const { bytes, levels } = measured(value, level + 1);
    size.bytes += bytes;
    size.levels = Math.max(size.levels, levels + 1);
  }

  return (value) => {
    const size = measured(value, 1);
    return size.levels > mostLevels ? { ...size, levels: Number.POSITIVE_INFINITY } : size;
  };
}

/** Anything but printable ASCII that JSON writes as it is. */
const special = /[^ !#-[\]-~]/;

/** The bytes of a scalar's JSON. In a list, nothing is written as null. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string')
    return special.test(value) ? Buffer.byteLength(JSON.stringify(value)) : value.length + 2;
  return value === undefined ? 4 : String(value).length;
}
