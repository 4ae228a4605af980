import { formatTime } from '../../clock/clock.ts';
import { badRequest, conflict, invalid, notFound } from '../../errors/common.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { BoundObjectReference, PodSpec, TokenRequest } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { table } from '../../meta/table.ts';
import { json, warningHeaders } from '../http/answer.ts';
import { notServed } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { missing, parseJson } from '../served.ts';
import { admittedAlone } from '../write/admit.ts';
import { readBody } from '../write/body.ts';
import { decodeBody } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

const expected = {
  group: 'authentication.k8s.io',
  version: 'v1',
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  schema: goSchema('TokenRequest'),
};
const [shortest, longest, usual] = [600, 2 ** 32, 3600];

/** POST of a TokenRequest for a ServiceAccount. */
export async function createToken(call: Call): Promise<ApiResponse> {
  const { deps, served, request, cluster, namespace, name } = call;
  if (!deps.issueToken) throw notServed('serviceaccounts/token');
  const { dryRun } = writeOptions(call.query, 'CreateOptions');
  const decoded = await decodeBody(await readBody(request), request.header('content-type'), expected, deps);
  const warnings: string[] = [];
  const object = await admittedAlone(call, {
    operation: 'CREATE',
    subresource: 'token',
    objectKind: expected,
    schema: expected.schema,
    object: decoded.object,
    dryRun,
    warnings,
  });
  const { spec } = object as unknown as TokenRequest;
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const expirationSeconds = spec?.expirationSeconds ?? usual;
  checkExpiration(expirationSeconds);
  const account = served.parse(stored);
  const bound = spec?.boundObjectRef;
  const boundObject = bound && (await boundObjectOf(call, bound));
  const node = boundObject && (await nodeOf(call, boundObject));
  const issued = await deps.issueToken({
    cluster,
    serviceAccount: account,
    expirationSeconds,
    ...(spec?.audiences?.length && { audiences: spec.audiences }),
    ...(bound && {
      boundTo: {
        kind: bound.kind ?? '',
        apiVersion: bound.apiVersion ?? '',
        name: bound.name ?? '',
        uid: boundObject?.metadata.uid ?? '',
      },
    }),
    ...(node && { node }),
  });
  const { uid } = account.metadata;
  const answer = {
    kind: expected.kind,
    apiVersion: expected.apiVersion,
    metadata: { name, namespace, uid, creationTimestamp: formatTime(deps.clock.now()) },
    spec: { audiences: issued.audiences, expirationSeconds, boundObjectRef: bound ?? null },
    status: { token: issued.token, expirationTimestamp: formatTime(issued.expiresAt) },
  };
  return json(201, answer, warningHeaders(warnings));
}

const bindable: Record<string, string> = table({ Pod: 'pods', Secret: 'secrets', Node: 'nodes' });

/** A token ends with the object that it is bound to, so that has to be there. */
async function boundObjectOf(
  { deps, cluster, namespace }: Call,
  ref: BoundObjectReference,
): Promise<AnyObject> {
  const { kind = '', apiVersion = '', name = '', uid } = ref;
  const plural = apiVersion === 'v1' ? bindable[kind] : undefined;
  if (!plural) {
    const [version, group = ''] = apiVersion.split('/').reverse();
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  const place = kind === 'Node' ? '' : namespace;
  const found = await deps.storage.get({ cluster, resource: plural, namespace: place, name });
  const subject = { group: '', plural, name };
  if (!found) throw notFound(subject);
  const object = parseJson(found.value);
  if (!uid || object.metadata.uid === uid) return object;
  throw conflict(
    subject,
    `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
  );
}

/** The node of a Pod; only its name when it is not there. */
async function nodeOf({ deps, cluster }: Call, { spec }: AnyObject) {
  const name = (spec as PodSpec | undefined)?.nodeName;
  if (!name) return undefined;
  const found = await deps.storage.get({ cluster, resource: 'nodes', namespace: '', name });
  return { name, ...(found && { uid: parseJson(found.value).metadata.uid ?? '' }) };
}

function checkExpiration(seconds: number): void {
  const problem =
    seconds < shortest
      ? 'may not specify a duration less than 10 minutes'
      : seconds > longest
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (problem)
    throw invalid('TokenRequest', 'authentication.k8s.io', '', [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${seconds}: ${problem}`,
        field: 'spec.expirationSeconds',
      },
    ]);
}
