import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import { problemsInOrder } from '../../kinds/schema/duplicates.ts';
import { parseJsonBody } from '../../kinds/schema/json.ts';
import type { AnyObject } from '../../meta/object.ts';
import { duplicateIn } from '../../patch/structured/duplicates.ts';
import { keyedPath } from '../../patch/structured/keyedPath.ts';
import { namedIn } from '../apply/named.ts';
import { MalformedYaml, parseYaml } from '../http/yaml.ts';
import type { Call } from '../request.ts';
import { readBody } from '../write/body.ts';
import { checkNamespace } from '../write/create.ts';
import type { FieldValidation } from '../write/decode.ts';
import { checkName } from './update.ts';

/** Is the body of a server-side apply after decoding. */
export interface Config {
  /** The body as an object of the kind, with nothing that it does not name. */
  config: AnyObject;
  /** Is what a Warning says of it: keys that stand twice. */
  warnings: string[];
}

/** Throws BadRequest, Invalid; BadRequest for repeated keys under Strict. */
export async function readConfig(call: Call, mode: FieldValidation): Promise<Config> {
  const { served, namespace, name } = call;
  const { kind } = served;
  const { sent, repeated } = await readYaml(call);
  const twiceNamed = repeated.length
    ? `error converting YAML to JSON: yaml: unmarshal errors:\n${repeated.map((key) => `  ${key}`).join('\n')}`
    : '';
  if (twiceNamed && mode === 'Strict') throw badRequest(`error strict decoding YAML: ${twiceNamed}`);
  await call.deps.turn?.();
  const mistyped = kind.schema.typeProblems?.(sent) ?? [];
  if (mistyped.length > 0) throw untyped(call, sent, mistyped);
  const problems: string[] = [];
  let decoded: AnyObject;
  try {
    decoded = kind.schema.decode(sent, problems);
  } catch (error) {
    if (error instanceof DecodeError) throw untyped(call, sent, [error.message]);
    throw error;
  }
  // Fields that nobody knows cannot be owned, whatever the mode of validation.
  const isUndeclared = (path: string) => !kind.schema.typeProblems || path.startsWith('metadata.');
  const unknown = problems
    .flatMap((text) => /^unknown field "(.*)"$/.exec(text)?.[1] ?? [])
    .filter(isUndeclared);
  if (unknown.length > 0)
    throw untyped(
      call,
      sent,
      oneOfEach(unknown).map(
        (path) => `${keyedPath(sent, kind.schema.shape, path)}: field not declared in schema`,
      ),
    );
  await call.deps.turn?.();
  const twice = duplicateIn(sent, kind.schema.shape);
  if (twice) throw untyped(call, sent, [twice]);
  if (sent.metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const config = namedIn(decoded, sent, !kind.schema.typeProblems) as AnyObject;
  config.metadata ??= {};
  checkNamespace(kind.namespaced, namespace, config.metadata.namespace);
  if (config.metadata.name) checkName(name, config.metadata.name);
  config.metadata.name = name;
  return { config, warnings: twiceNamed && mode === 'Warn' ? [twiceNamed] : [] };
}

/** Throws BadRequest for what is no object of the kind. */
async function readYaml({ deps, served, request }: Call): Promise<{ sent: AnyObject; repeated: string[] }> {
  let sent: unknown;
  let repeated: string[] = [];
  try {
    const text = Buffer.from(await readBody(request)).toString();
    sent = jsonIn(text);
    if (sent === undefined || problemsInOrder(text, sent, []).length > 0) {
      const parsed = await (deps.parseYaml?.(text) ?? parseYaml(text));
      sent ??= parsed.value;
      repeated = parsed.repeated;
    }
  } catch (error) {
    if (error instanceof MalformedYaml)
      throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
    throw error;
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw badRequest('error decoding YAML: the body is not an object');
  const { kind = '', apiVersion = '' } = sent as AnyObject;
  if (kind !== served.kind.kind || apiVersion !== served.apiVersion)
    throw badRequest(`invalid object type: ${typeName(String(apiVersion), String(kind))}`);
  return { sent: sent as AnyObject, repeated };
}

/**
 * Returns the first unknown field of each object: upstream looks at no more of an object once one of its fields is unknown. There
 * may be a hundred thousand of them.
 */
function oneOfEach(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const around = path.slice(0, Math.max(path.lastIndexOf('.'), 0));
    return !seen.has(around) && seen.add(around);
  });
}

/** What programs send is JSON, which is YAML too, and faster to parse. */
function jsonIn(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJsonBody(Buffer.from(text)).value;
  } catch {
    return undefined;
  }
}

/** `apps/v1, Kind=Deployment`; the core group is empty. */
const typeName = (apiVersion: string, kind: string) =>
  `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

function untyped({ served }: Call, sent: AnyObject, problems: string[]): ApiError {
  const what = `${sent.metadata?.namespace ?? ''}/${sent.metadata?.name ?? ''}; ${typeName(served.apiVersion, served.kind.kind)}`;
  const why = problems.length === 1 ? problems[0] : `errors:\n${problems.map((p) => `  ${p}`).join('\n')}`;
  return new ApiError('Unknown', `failed to create typed patch object (${what}): ${why}`);
}
