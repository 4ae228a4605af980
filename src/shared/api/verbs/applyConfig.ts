import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import type { AnyObject } from '../../meta/object.ts';
import { duplicateIn } from '../apply/duplicates.ts';
import { namedIn } from '../apply/named.ts';
import { parseJsonBody } from '../http/json.ts';
import { MalformedYaml, parseYaml } from '../http/yaml.ts';
import type { Call } from '../request.ts';
import { readBody } from '../write/body.ts';
import { checkNamespace } from '../write/create.ts';
import { checkName } from './update.ts';

/** The body as an object of the kind, with nothing that it does not name. Throws BadRequest, Invalid. */
export async function readConfig(call: Call): Promise<AnyObject> {
  const { served, namespace, name } = call;
  const { kind } = served;
  const sent = await readYaml(call);
  const problems: string[] = [];
  let decoded: AnyObject;
  try {
    decoded = kind.schema.decode(sent, problems);
  } catch (error) {
    if (error instanceof DecodeError) throw untyped(call, sent, [error.message]);
    throw error;
  }
  // Fields that nobody knows cannot be owned, whatever the mode of validation.
  const unknown = problems.flatMap((text) => /^unknown field "(.*)"$/.exec(text)?.[1] ?? []);
  if (unknown.length > 0)
    throw untyped(
      call,
      sent,
      unknown.map((path) => `.${path}: field not declared in schema`),
    );
  const twice = duplicateIn(sent, kind.schema.shape);
  if (twice) throw untyped(call, sent, [twice]);
  if (sent.metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const config = namedIn(decoded, sent) as AnyObject;
  config.metadata ??= {};
  checkNamespace(kind.namespaced, namespace, config.metadata.namespace);
  if (config.metadata.name) checkName(name, config.metadata.name);
  config.metadata.name = name;
  return config;
}

/** Throws BadRequest for what is no object of the kind. */
async function readYaml({ deps, served, request }: Call): Promise<AnyObject> {
  let sent: unknown;
  try {
    const text = Buffer.from(await readBody(request)).toString();
    sent = jsonIn(text) ?? (await (deps.parseYaml?.(text) ?? parseYaml(text))).value;
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
  return sent as AnyObject;
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

function untyped({ served, name }: Call, sent: AnyObject, problems: string[]): ApiError {
  const what = `${sent.metadata?.namespace ?? ''}/${name}; ${typeName(served.apiVersion, served.kind.kind)}`;
  const why = problems.length === 1 ? problems[0] : `errors:\n${problems.map((p) => `  ${p}`).join('\n')}`;
  return new ApiError('Unknown', `failed to create typed patch object (${what}): ${why}`);
}
