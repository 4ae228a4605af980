import { ApiError } from '../errors/apiError.ts';
import { atOnce, type Steps } from '../meta/steps.ts';
import { type Container, Draft, isContainer, partOf, placeIn } from './draft.ts';
import { define } from './merge.ts';
import type { Operation } from './operations.ts';
import { sameJson } from './same.ts';
import { measuring, type Size } from './size.ts';

/** Is what all copies of a patch may add together: a patch that copies doubles what it finds with each operation. */
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * Applies all operations or none; the original is left as it is, and shared where nothing changes. Throws 422 for a path
 * or test that fails, for copies that add more than 3 MiB and for a result that is nested too deep, as a real server
 * does.
 */
export const jsonPatch = (original: unknown, patch: Operation[]): unknown =>
  atOnce(jsonPatchSteps(original, patch));

/** Does what `jsonPatch` does, an operation a step. */
export function* jsonPatchSteps(original: unknown, patch: Operation[]): Steps<unknown> {
  const draft = new Draft(original);
  const copies: Copies = { bytes: 0, sizeOf: measuring() };
  for (const operation of patch) {
    applyOne(draft, operation, copies);
    yield;
  }
  checkDepth(copies.sizeOf(draft.root));
  return draft.root;
}

interface Copies {
  /** Bytes of JSON that have been copied so far. */
  bytes: number;
  sizeOf(value: unknown): Size;
}

function applyOne(draft: Draft, { op, path, from = '', value }: Operation, copies: Copies): void {
  switch (op) {
    case 'add':
      add(draft, path, value ?? null);
      break;
    case 'remove':
      remove(draft, path, op);
      break;
    case 'replace':
      replace(draft, path, value, op);
      break;
    case 'move': {
      const moved = find(draft.root, from, op);
      remove(draft, from, op);
      add(draft, path, moved);
      break;
    }
    case 'copy': {
      const found = copied(draft.root, from);
      count(found, copies);
      draft.share(found);
      add(draft, path, found);
      break;
    }
    case 'test':
      if (!sameJson(tested(draft.root, path), value ?? null))
        throw unprocessable(new TestFailed(`testing value ${path} failed: test failed`));
      break;
    default:
      throw unprocessable(`Unexpected kind: ${op}`);
  }
}

function count(value: unknown, copies: Copies): void {
  const size = copies.sizeOf(value);
  checkDepth(size);
  copies.bytes += size.bytes;
  if (copies.bytes > maxCopiedBytes)
    throw unprocessable(
      `Unable to complete the copy, the accumulated size increase of copy is ${copies.bytes}, exceeding the limit ${maxCopiedBytes}`,
    );
}

function checkDepth({ levels }: Size): void {
  if (levels === Number.POSITIVE_INFINITY) throw unprocessable('exceeded max depth');
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

/** A path as its container's and the last step. */
function steps(path: string): { above: string[]; last: string } {
  const above = segments(path);
  return { last: above.pop()!, above };
}

/** The container that holds the last segment, to be read, and that segment. */
function parentOf(document: unknown, path: string, op: string): { parent: Container; last: string } {
  const { above, last } = steps(path);
  let parent = document;
  for (const part of above) parent = isContainer(parent) ? partOf(parent, part) : undefined;
  if (!isContainer(parent)) throw missing(op, path);
  return { parent, last };
}

/** The same container, to be changed. */
function changed(draft: Draft, path: string, op: string): { parent: Container; last: string } {
  const { above, last } = steps(path);
  const parent = draft.containerAt(above);
  if (!parent) throw missing(op, path);
  return { parent, last };
}

function find(document: unknown, path: string, op: string): unknown {
  if (path === '') throw missing(op, path);
  const { parent, last } = parentOf(document, path, op);
  const value = partOf(parent, last);
  if (value === undefined) throw missing(op, path);
  return value;
}

/** What is not there is copied as null, as the library behind a real server does. */
function copied(document: unknown, path: string): unknown {
  if (path === '') throw missing('copy', path);
  const { parent, last } = parentOf(document, path, 'copy');
  return Array.isArray(parent) ? find(document, path, 'copy') : (partOf(parent, last) ?? null);
}

/** The value at a path for `test`: a member that is not there counts as null, a list's place does not. */
function tested(document: unknown, path: string): unknown {
  if (path === '') return document;
  const { parent, last } = parentOf(document, path, 'test');
  return Array.isArray(parent) ? find(document, path, 'test') : (partOf(parent, last) ?? null);
}

/** Add, move and copy cannot make or take the whole document, as in Kubernetes. */
function add(draft: Draft, path: string, value: unknown): void {
  if (path === '') throw missing('add', path);
  const { parent, last } = changed(draft, path, 'add');
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : placeIn(last, parent.length + 1);
    if (!(index >= 0 && index <= parent.length)) throw missing('add', path);
    parent.splice(index, 0, value);
  } else define(parent, last, value);
}

/** A member that is not there is added, as Kubernetes does (and RFC 6902 does not); a list's place has to be there. */
function replace(draft: Draft, path: string, value: unknown, op: string): void {
  if (path === '') {
    if (typeof value !== 'object' || value === null)
      throw unprocessable('replace operation value must be object or array');
    draft.root = value;
    return;
  }
  const { parent, last } = changed(draft, path, op);
  if (Array.isArray(parent)) {
    if (partOf(parent, last) === undefined)
      throw unprocessable(`replace operation does not apply: doc is missing key: ${path}: missing value`);
    parent[placeIn(last, parent.length)] = value;
  } else define(parent, last, value);
}

function remove(draft: Draft, path: string, op: string): void {
  if (path === '') throw missing(op, path);
  const { parent, last } = changed(draft, path, op);
  if (partOf(parent, last) === undefined) {
    const why = Array.isArray(parent)
      ? `Unable to access invalid index: ${last}: invalid index referenced`
      : `Unable to remove nonexistent key: ${last}: missing value`;
    throw unprocessable(`error in remove for path: '${path}': ${why}`);
  }
  if (Array.isArray(parent)) parent.splice(placeIn(last, parent.length), 1);
  else delete parent[last];
}
