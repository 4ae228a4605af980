import { ApiError } from '../../errors/apiError.ts';
import { alreadyExists, conflict, notFound, type Subject } from '../../errors/common.ts';
import type { Key } from '../../ports/storage.ts';

const subject = ({ resource, name }: Key): Subject => {
  const dot = resource.indexOf('.');
  return dot < 0
    ? { group: '', plural: resource, name }
    : { group: resource.slice(dot + 1), plural: resource.slice(0, dot), name };
};

export const keyNotFound = (key: Key) => notFound(subject(key));
export const keyExists = (key: Key) => alreadyExists(subject(key));
export const keyConflict = (key: Key) => conflict(subject(key));

/** The log begins after `oldest`, or ends before `revision`. */
export const tooOld = (revision: number | string, oldest: number) => new TooOld(revision, oldest);

/** Says from where on the log can be read. */
export class TooOld extends ApiError {
  readonly oldest: number;

  constructor(revision: number | string, oldest: number) {
    super('Expired', `too old resource version: ${revision} (${oldest})`);
    this.oldest = oldest;
  }
}

/** A revision this log has never reached: it speaks of another incarnation of the data. */
export const unknownRevision = (revision: number | string, head: number) =>
  new ApiError('Expired', `unknown resource version: ${revision} (newest is ${head})`);

export const dropped = (cluster: string) =>
  new ApiError('Expired', `the logical cluster ${JSON.stringify(cluster)} was removed`);

const logicalCluster = (name: string): Subject => ({ group: 'shallop.dev', plural: 'logicalclusters', name });

/** A logical cluster that others read through. */
export const hasForks = (cluster: string, forks: readonly string[]) =>
  conflict(logicalCluster(cluster), `it is the base of ${forks.join(', ')}; delete the forks first`);

/** A fork begins in a logical cluster only that has nothing, not even forks. */
export const notEmpty = (cluster: string) =>
  conflict(logicalCluster(cluster), 'it has objects or forks already and cannot become a fork');

export const closed = () => new ApiError('ServiceUnavailable', 'the storage is closed');

export const writeFailed = (cause: unknown) =>
  new ApiError('ServiceUnavailable', `the storage could not write: ${reasonOf(cause)}`, {
    cause,
    details: { retryAfterSeconds: 1 },
  });

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
