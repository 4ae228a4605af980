import { badRequest } from '../../errors/common.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { cannotBeHandled, DecodeError, strictDecodingError } from '../../kinds/schema/decode-error.ts';
import { applyDefaults } from '../../kinds/schema/defaults.ts';
import { findDuplicateFields } from '../../kinds/schema/duplicates.ts';
import { decodeObject } from '../../kinds/schema/structural.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Context } from '../context.ts';
import type { Body } from './body.ts';

/** A body as an object of the kind: right types, unknown fields dropped and reported, defaults filled in. */
export function decodeKind(
  body: Body,
  kind: Kind,
  options: Pick<Context, 'fieldValidation' | 'warnings'>,
): AnyObject {
  const object = checkTypeMeta(body, kind);
  const problems = structuralProblems(object, body.text, kind, options.fieldValidation !== 'Ignore');
  if (problems.found.length > 0) {
    if (options.fieldValidation === 'Strict')
      throw badRequest(cannotBeHandled(kind.kind, kind.version, strictDecodingError(problems.found)));
    options.warnings.push(...problems.found);
  }
  return applyDefaults(problems.object, kind.type);
}

/** Decodes without defaults; throws 400 with Go's words when a type does not fit. */
export function decodeStructure(value: object, kind: Kind, unknownFields?: string[]): AnyObject {
  try {
    const object = decodeObject<AnyObject>(value, kind.type, unknownFields);
    return {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      ...without(object),
      metadata: object.metadata ?? {},
    };
  } catch (error) {
    if (error instanceof DecodeError)
      throw badRequest(cannotBeHandled(kind.kind, kind.version, error.message));
    throw error;
  }
}

const without = ({ kind: _kind, apiVersion: _apiVersion, ...rest }: AnyObject): Record<string, unknown> =>
  rest;

function structuralProblems(value: object, text: string | undefined, kind: Kind, report: boolean) {
  const unknown: string[] | undefined = report ? [] : undefined;
  const object = decodeStructure(value, kind, unknown);
  const duplicates = report && text !== undefined ? findDuplicateFields(text, value) : [];
  return { object, found: [...duplicates, ...(unknown ?? [])] };
}

/** The body has to be an object and, if it says so, of the kind that the path speaks of. */
function checkTypeMeta({ value, text }: Body, kind: Kind): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${JSON.stringify(text ?? '').slice(0, 100)}`,
    );
  const { apiVersion, kind: name } = value as { apiVersion?: unknown; kind?: unknown };
  const wantedVersion = apiVersionOf(kind);
  if ((apiVersion ?? '') === '' && (name ?? '') === '') return value;
  if ((name ?? kind.kind) !== kind.kind || (apiVersion ?? wantedVersion) !== wantedVersion)
    throw badRequest(
      `${name} in version "${String(apiVersion).split('/').at(-1)}" cannot be handled as a ${kind.kind}: converting (${apiVersion}, Kind=${name}) to (${wantedVersion}, Kind=${kind.kind}): unknown conversion`,
    );
  return value;
}
