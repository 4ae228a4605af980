import { ApiError, type Cause, isReason } from './apiError.ts';

/** Describes which object an error speaks of: the resource with its group (`deployments` in `apps`) and the name. */
export interface Subject {
  group: string;
  /** Plural resource name. */
  plural: string;
  name: string;
}

const qualified = ({ group, plural }: Subject) => (group ? `${plural}.${group}` : plural);
const detailsOf = ({ group, plural, name }: Subject) => ({ name, ...(group && { group }), kind: plural });

export const notFound = (s: Subject) =>
  new ApiError('NotFound', `${qualified(s)} "${s.name}" not found`, { details: detailsOf(s) });

export const alreadyExists = (s: Subject) =>
  new ApiError('AlreadyExists', `${qualified(s)} "${s.name}" already exists`, { details: detailsOf(s) });

export const conflict = (s: Subject, why?: string) =>
  new ApiError(
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(s)} "${s.name}": ${
      why ?? 'the object has been modified; please apply your changes to the latest version and try again'
    }`,
    { details: detailsOf(s) },
  );

/** Nobody reads more of them, and an object of 3 MiB can have a million. */
export const mostCauses = 1000;

/** 422 with one message per cause, as `Deployment.apps "x" is invalid: spec.replicas: …`. */
export function invalid(kind: string, group: string, name: string, found: readonly Cause[]): ApiError {
  const causes = found.slice(0, mostCauses);
  const lines = [...new Set(causes.map((c) => (c.field ? `${c.field}: ${c.message}` : c.message)))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new ApiError('Invalid', `${group ? `${kind}.${group}` : kind} "${name}" is invalid: ${text}`, {
    details: { ...(name && { name }), ...(group && { group }), ...(kind && { kind }), causes },
  });
}

/** Returns whether a creation was refused because the namespace is being deleted. */
export const isNamespaceGoing = (error: unknown): boolean =>
  isReason(error, 'Forbidden') &&
  Boolean(error.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating'));

export const badRequest = (message: string) => new ApiError('BadRequest', message);

/** 500 as a real server says that something went wrong inside, or outside on its behalf. */
export const internalError = (why: string) =>
  new ApiError('InternalError', `Internal error occurred: ${why}`, {
    details: { causes: [{ message: why }] },
  });
