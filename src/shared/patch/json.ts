import { ApiError } from '../errors/apiError.ts';
import { exceedsDepth } from '../kinds/schema/special.ts';
import { copyOf } from '../meta/copy.ts';
import { define, isObject } from './merge.ts';
import type { Operation } from './operations.ts';
import { sameJson } from './same.ts';

/** Is what all copies of a patch may add together: a patch that copies doubles what it finds with each operation. */
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * Applies all operations or none. Throws 422 for a path or test that fails, for copies that add more than 3 MiB and for
 * a result that is nested too deep, as a real server does.
 */
export function jsonPatch(original: unknown, patch: Operation[]): unknown {
  const budget: Budget = { copied: 0 };
  let document = copyOf(original);
  for (const operation of patch) document = applyOne(document, operation, budget);
  if (exceedsDepth(document)) throw unprocessable('exceeded max depth');
  return document;
}

interface Budget {
  /** Bytes of JSON that have been copied so far. */
  copied: number;
}

function applyOne(document: unknown, { op, path, from, value }: Operation, budget: Budget): unknown {
  switch (op) {
    case 'add':
      return add(document, path, structuredClone(value ?? null));
    case 'remove':
      return remove(document, path, op);
    case 'replace':
      return replace(document, path, structuredClone(value), op);
    case 'move': {
      const moved = find(document, from ?? '', op);
      return add(remove(document, from ?? '', op), path, moved);
    }
    case 'copy':
      return add(document, path, copyWithin(copied(document, from ?? ''), budget));
    case 'test':
      if (!sameJson(tested(document, path), value ?? null))
        throw unprocessable(new TestFailed(`testing value ${path} failed: test failed`));
      return document;
    default:
      throw unprocessable(`Unexpected kind: ${op}`);
  }
}

function copyWithin(value: unknown, budget: Budget): unknown {
  if (exceedsDepth(value)) throw unprocessable('exceeded max depth');
  budget.copied += Buffer.byteLength(JSON.stringify(value));
  if (budget.copied > maxCopiedBytes)
    throw unprocessable(
      `Unable to complete the copy, the accumulated size increase of copy is ${budget.copied}, exceeding the limit ${maxCopiedBytes}`,
    );
  return copyOf(value);
}

/** Describes why a patch is not applied whose `test` does not hold. */
export class TestFailed extends Error {}

const unprocessable = (why: string | TestFailed) =>
  new ApiError('Invalid', `the server rejected our request due to an error in our request`, {
    cause: typeof why === 'string' ? new Error(why) : why,
    details: {},
  });

const missing = (op: string, path: string) =>
  unprocessable(
    `${op} operation does not apply: doc is missing path: ${op === 'add' || op === 'remove' ? `"${path}"` : path}: missing value`,
  );

const segments = (path: string): string[] => {
  if (path === '') return [];
  if (!path.startsWith('/')) throw unprocessable(`path ${path} does not start with /`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
};

function lookUp(document: unknown, path: string): unknown {
  let at = document;
  for (const part of segments(path)) {
    if (Array.isArray(at)) at = at[indexOf(part, at.length)];
    else if (isObject(at) && Object.hasOwn(at, part)) at = at[part];
    else return undefined;
  }
  return at;
}

function find(document: unknown, path: string, op: string): unknown {
  if (path === '') throw missing(op, path);
  const value = lookUp(document, path);
  if (value === undefined) throw missing(op, path);
  return value;
}

/** What is not there is copied as null, as the library behind a real server does. */
function copied(document: unknown, path: string): unknown {
  if (path === '') throw missing('copy', path);
  const { parent, last } = parentOf(document, path, 'copy');
  return Array.isArray(parent) ? find(document, path, 'copy') : (lookUp(parent, `/${last}`) ?? null);
}

/** The container that holds the last segment, and that segment. */
function parentOf(
  document: unknown,
  path: string,
  op: string,
): { parent: Record<string, unknown> | unknown[]; last: string } {
  const parts = segments(path);
  const last = parts.pop()!;
  const parent = lookUp(document, path.slice(0, path.lastIndexOf('/')));
  if (!Array.isArray(parent) && !isObject(parent)) throw missing(op, path);
  return { parent, last };
}

/** The value at a path for `test`: a member that is not there counts as null, a list's place does not. */
function tested(document: unknown, path: string): unknown {
  if (path === '') return document;
  const { parent, last } = parentOf(document, path, 'test');
  if (Array.isArray(parent)) return find(document, path, 'test');
  return (Object.hasOwn(parent, last) ? parent[last] : undefined) ?? null;
}

/** Add, move and copy cannot make or take the whole document, as in Kubernetes. */
function add(document: unknown, path: string, value: unknown): unknown {
  if (path === '') throw missing('add', path);
  const { parent, last } = parentOf(document, path, 'add');
  if (!Array.isArray(parent)) define(parent, last, value);
  else {
    const index = last === '-' ? parent.length : indexOf(last, parent.length + 1);
    if (!(index >= 0 && index <= parent.length)) throw missing('add', path);
    parent.splice(index, 0, value);
  }
  return document;
}

/** A member that is not there is added, as Kubernetes does (and RFC 6902 does not); a list's place has to be there. */
function replace(document: unknown, path: string, value: unknown, op: string): unknown {
  if (path === '') {
    if (typeof value === 'object' && value !== null) return value;
    throw unprocessable('replace operation value must be object or array');
  }
  const { parent, last } = parentOf(document, path, op);
  if (Array.isArray(parent)) {
    if (lookUp(document, path) === undefined)
      throw unprocessable(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    parent[indexOf(last, parent.length)] = value;
  } else define(parent, last, value);
  return document;
}

function remove(document: unknown, path: string, op: string): unknown {
  if (path === '') throw missing(op, path);
  const { parent, last } = parentOf(document, path, op);
  if (lookUp(parent, path.slice(path.lastIndexOf('/'))) === undefined) {
    const why = Array.isArray(parent)
      ? `Unable to access invalid index: ${last}: invalid index referenced`
      : `Unable to remove nonexistent key: ${last}: missing value`;
    throw unprocessable(`error in remove for path: '${path}': ${why}`);
  }
  if (Array.isArray(parent)) parent.splice(indexOf(last, parent.length), 1);
  else delete parent[last];
  return document;
}

/** A list index; negative ones count from the end, as the library behind a real server allows. */
function indexOf(text: string, length: number): number {
  if (!/^-?(0|[1-9]\d*)$/.test(text)) return Number.NaN;
  const index = Number(text);
  return index < 0 ? length + index : index;
}
