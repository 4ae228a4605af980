import { isReason } from '../../errors/apiError.ts';
import { conflict, invalid } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import { namedByLastApplied, withLastApplied } from '../apply/lastApplied.ts';
import { applied, entriesOf, type Owner, ownersIn, updated } from '../apply/owners.ts';
import { writeOf } from '../apply/track.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { change } from '../write/change.ts';
import { checkMayCreate, createObject } from '../write/create.ts';
import { writeOptions } from '../write/options.ts';
import { readConfig } from './applyConfig.ts';

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
  const { config, warnings } = await readConfig(call, options.fieldValidation);
  return write(call, config, door, options.dryRun, warnings);
}

const attempts = 8;

async function write(
  call: Call,
  config: AnyObject,
  door: '' | 'status',
  dryRun: boolean,
  warnings: string[],
): Promise<ApiResponse> {
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
      const wanted = served.kind.schema.decode(isKubectl ? withLastApplied(merged, config) : merged);
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

/** Who may patch may not create for that reason alone. Throws Forbidden. */
async function createByApply(call: Call, config: AnyObject, dryRun: boolean, warnings: string[]) {
  const { served } = call;
  await checkMayCreate(call);
  const { schema } = served.kind;
  const { owners } = applied(config, true, writeOf(call, '', undefined, [], 'Apply'));
  const whole = schema.decode({ ...schema.empty(), ...config });
  const object = { ...whole, kind: served.kind.kind, apiVersion: served.apiVersion };
  return createObject(call, object, dryRun, warnings, { managedFields: entriesOf(owners) });
}

/** What nobody is known to own was there before anybody applied. */
function ownersBefore(call: Call, live: AnyObject): Owner[] {
  const owners = ownersIn(live.metadata.managedFields);
  if (owners.length > 0) return owners;
  const write = writeOf(call, '', undefined, [], 'Update');
  return updated(live, { ...write, me: { ...write.me, manager: 'before-first-apply' } });
}
