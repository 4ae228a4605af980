import { ApiError, isReason } from '../../errors/apiError.ts';
import { badRequest, conflict, invalid } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import { typeOf } from '../../kinds/schema/facts.ts';
import { decodeObject } from '../../kinds/schema/structural.ts';
import { emptyStruct } from '../../kinds/schema/zero.ts';
import type { AnyObject } from '../../meta/object.ts';
import { namedByLastApplied, withLastApplied } from '../apply/lastApplied.ts';
import { namedIn } from '../apply/named.ts';
import { applied, entriesOf, type Owner, ownersIn, updated } from '../apply/owners.ts';
import { writeOf } from '../apply/track.ts';
import { MalformedJson } from '../http/json.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import { parseYamlBody } from '../http/yaml.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { readBody } from '../write/body.ts';
import { change } from '../write/change.ts';
import { writeOptions } from '../write/options.ts';
import { checkNamespace, createObject } from './create.ts';
import { checkName } from './update.ts';

/** PATCH by server-side apply: an object that says what its sender wants of it, and owns just that. */
export async function apply(call: Call, door: '' | 'status'): Promise<ApiResponse> {
  const { query } = call;
  const options = writeOptions(query, 'PatchOptions', true);
  if (!query.get('fieldManager'))
    throw invalid('PatchOptions', 'meta.k8s.io', '', [
      {
        reason: 'FieldValueRequired',
        message: 'Required value: is required for apply patch',
        field: 'fieldManager',
      },
    ]);
  return write(call, await readConfig(call), door, options.dryRun);
}

const attempts = 8;

async function write(
  call: Call,
  config: AnyObject,
  door: '' | 'status',
  dryRun: boolean,
): Promise<ApiResponse> {
  const warnings: string[] = [];
  const { deps, served, cluster, namespace, name, query } = call;
  const insists = !!config.metadata.resourceVersion;
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(served.key(cluster, namespace, name));
    try {
      if (!stored) {
        if (door || insists) throw missing(served, name);
        if (config.metadata.uid) throw noSuchUid(call, config.metadata.uid);
        return respondOutcome(call, await createByApply(call, config, dryRun, warnings), 201, warnings);
      }
      const live = served.parse(stored);
      const owners = ownersBefore(call, live);
      const how = writeOf(call, door, live, owners, 'Apply');
      const isKubectl = how.me.manager === 'kubectl';
      const allowed = isKubectl ? namedByLastApplied(live, how.shape) : undefined;
      const { object, owners: after } = applied(config, query.flag('force'), how, allowed);
      const merged = object as AnyObject;
      const wanted = decodeObject<AnyObject>(
        isKubectl ? withLastApplied(merged, config) : merged,
        served.kind.type,
      );
      const next = { ...wanted, kind: live.kind, apiVersion: live.apiVersion } as AnyObject;
      next.metadata.resourceVersion = config.metadata.resourceVersion ?? live.metadata.resourceVersion;
      const outcome = await change(call, stored, live, next, door || 'main', dryRun, warnings, {
        managedFields: entriesOf(after),
      });
      return respondOutcome(call, outcome, 200, warnings);
    } catch (error) {
      // Somebody was faster, with the creation or with a change; conflicts over fields are no matter of speed.
      const isRace = isReason(error, 'Conflict', 'AlreadyExists') && !error.details?.causes;
      if (!isRace || insists || attempt === attempts) throw error;
    }
  }
}

const noSuchUid = ({ served, name }: Call, uid: string) =>
  conflict(
    served.subject(name),
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  );

async function createByApply(call: Call, config: AnyObject, dryRun: boolean, warnings: string[]) {
  const { served } = call;
  const type = typeOf(served.kind.type);
  const { owners } = applied(config, true, writeOf(call, '', undefined, [], 'Apply'));
  const whole = decodeObject<AnyObject>({ ...emptyStruct(type), ...config } as AnyObject, served.kind.type);
  const object = { ...whole, kind: served.kind.kind, apiVersion: served.apiVersion };
  return createObject(call, object, dryRun, warnings, entriesOf(owners));
}

/** What nobody is known to own was there before anybody applied. */
function ownersBefore(call: Call, live: AnyObject): Owner[] {
  const owners = ownersIn(live.metadata.managedFields);
  if (owners.length > 0) return owners;
  const write = writeOf(call, '', undefined, [], 'Update');
  return updated(live, { ...write, me: { ...write.me, manager: 'before-first-apply' } });
}

/** Throws BadRequest for what is no object of the kind. */
async function readYaml({ served, request }: Call): Promise<AnyObject> {
  let sent: unknown;
  try {
    sent = parseYamlBody(Buffer.from(await readBody(request)).toString());
  } catch (error) {
    if (error instanceof MalformedJson) throw badRequest(`error decoding YAML: ${error.message}`);
    throw error;
  }
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw badRequest('error decoding YAML: the body is not an object');
  const { kind = '', apiVersion = '' } = sent as AnyObject;
  if (kind !== served.kind.kind || apiVersion !== served.apiVersion)
    throw badRequest(`invalid object type: ${typeName(String(apiVersion), String(kind))}`);
  return sent as AnyObject;
}

/** `apps/v1, Kind=Deployment`; the core group is empty. */
const typeName = (apiVersion: string, kind: string) =>
  `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

function untyped({ served, name }: Call, sent: AnyObject, problems: string[]): ApiError {
  const what = `${sent.metadata?.namespace ?? ''}/${name}; ${typeName(served.apiVersion, served.kind.kind)}`;
  const why = problems.length === 1 ? problems[0] : `errors:\n${problems.map((p) => `  ${p}`).join('\n')}`;
  return new ApiError('Unknown', `failed to create typed patch object (${what}): ${why}`);
}

/** The body as an object of the kind, with nothing that it does not name. Throws BadRequest, Invalid. */
async function readConfig(call: Call): Promise<AnyObject> {
  const { served, namespace, name } = call;
  const { kind } = served;
  const sent = await readYaml(call);
  const problems: string[] = [];
  let decoded: AnyObject;
  try {
    decoded = decodeObject<AnyObject>(sent, kind.type, problems);
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
  if (sent.metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  const config = namedIn(decoded, sent) as AnyObject;
  config.metadata ??= {};
  checkNamespace(kind.namespaced, namespace, config.metadata.namespace);
  if (config.metadata.name) checkName(name, config.metadata.name);
  config.metadata.name = name;
  return config;
}
