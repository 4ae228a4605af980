import type { User } from '../auth/auth.ts';
import { ApiError } from '../errors/apiError.ts';
import type { Subject } from '../errors/common.ts';
import { invalid } from '../errors/common.ts';
import { type Kind, resourceName } from '../kinds/kind.ts';
import type { Key } from '../storage/storage.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiRequest } from './http/message.ts';
import type { Representation } from './http/negotiate.ts';
import type { ResourcePath } from './http/route.ts';

/** One request on its way through the verbs. */
export interface Context {
  deps: ApiDeps;
  request: ApiRequest;
  user: User;
  cluster: string;
  path: ResourcePath;
  kind: Kind;
  query: URLSearchParams;
  as: Representation;
  /** Answered as `Warning: 299 - "…"` headers. */
  warnings: string[];
  dryRun: boolean;
  fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

/** Where the kind's objects are stored. */
export const storedResource = (kind: Kind): string => kind.storedAs?.resource ?? resourceName(kind);

export const keyOf = ({ cluster, kind, path }: Context, name = path.name): Key => ({
  cluster,
  resource: storedResource(kind),
  namespace: path.namespace,
  name,
});

export const subjectOf = ({ kind, path }: Context, name = path.name): Subject => ({
  group: kind.group,
  plural: kind.plural,
  name,
});

/** The query's dryRun and fieldValidation, checked as a real server does. */
export function writeOptions(
  query: URLSearchParams,
  optionsKind: string,
): Pick<Context, 'dryRun' | 'fieldValidation'> {
  const dryRun = query.getAll('dryRun');
  const bad = dryRun.find((value) => value !== 'All');
  if (bad !== undefined)
    throw invalid(optionsKind, 'meta.k8s.io', '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ["${bad}"]: supported values: "All"`,
        field: 'dryRun',
      },
    ]);
  const validation = query.get('fieldValidation') ?? 'Warn';
  if (!['Strict', 'Warn', 'Ignore', ''].includes(validation))
    throw invalid(optionsKind, 'meta.k8s.io', '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`,
        field: 'fieldValidation',
      },
    ]);
  return { dryRun: dryRun.length > 0, fieldValidation: (validation || 'Warn') as Context['fieldValidation'] };
}

export const methodNotAllowed = (): ApiError =>
  new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
