import { isReason } from '../../errors/apiError.ts';
import { conflict, invalid } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import { namedByLastApplied, withLastApplied } from '../apply/lastApplied.ts';
import { applied, entriesOf, type Owner, ownersIn, updated } from '../apply/owners.ts';
import { writeOf } from '../apply/track.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { change } from '../write/change.ts';
import { checkMayCreate, createObject } from '../write/create.ts';
import { type WriteOptions, writeOptions } from '../write/options.ts';
import type { Outcome } from '../write/sequence.ts';
import { readConfig } from './applyConfig.ts';

/** PATCH by server-side apply: an object that says what its sender wants of it, and owns just that. */
export async function apply(call: Call, door: '' | 'status'): Promise<ApiResponse> {
  const { dryRun, fieldValidation } = applyOptions(call);
  const { config, warnings } = await readConfig(call, fieldValidation);
  const { outcome, code } = await appliedTo(call, config, { door, dryRun, warnings });
  return respondOutcome(call, outcome, code, warnings);
}

/** The options of such a request, who has to say who it is. @throws Invalid */
export function applyOptions({ query }: Call): WriteOptions {
  const options = writeOptions(query, 'PatchOptions', true);
  if (query.get('fieldManager')) return options;
  throw invalid('PatchOptions', 'meta.k8s.io', '', [
    {
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    },
  ]);
}

const attempts = 8;

/** How a configuration is applied. */
export interface Applying {
  door: '' | 'status' | 'scale';
  dryRun: boolean;
  warnings: string[];
  /** In which version conflicts show what others own, where that is not their own. */
  shownVersion?: string;
  /** Instead of asking admission about the object: answers what becomes of the object that came of the merge. */
  admit?(next: AnyObject, live: AnyObject): Promise<AnyObject>;
}

/** Merges a configuration into the stored object, or creates it where that is the whole object. */
export async function appliedTo(
  call: Call,
  config: AnyObject,
  applying: Applying,
): Promise<{ outcome: Outcome; code: 200 | 201 }> {
  const { door, dryRun, warnings } = applying;
  const { deps, served, cluster, namespace, name } = call;
  const insists = !!config.metadata.resourceVersion;
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(served.key(cluster, namespace, name));
    try {
      if (stored) return { outcome: await merge(call, config, stored, applying), code: 200 };
      if (door || insists) throw missing(served, name);
      if (config.metadata.uid) throw noSuchUid(call, config.metadata.uid);
      return { outcome: await createByApply(call, config, dryRun, warnings), code: 201 };
    } catch (error) {
      // Somebody was faster, with the creation or with a change; conflicts over fields are no matter of speed.
      const isRace = isReason(error, 'Conflict', 'AlreadyExists') && !error.details?.causes;
      if (!isRace || insists || attempt === attempts) throw error;
    }
  }
}

async function merge(call: Call, config: AnyObject, stored: Stored, applying: Applying): Promise<Outcome> {
  const { door, dryRun, warnings, shownVersion, admit } = applying;
  const { served, query } = call;
  const live = served.parse(stored);
  const write = writeOf(call, door, live, ownersBefore(call, live), 'Apply');
  const how = { ...write, ...(shownVersion && { shownVersion }) };
  const isKubectl = how.me.manager === 'kubectl';
  const allowed = isKubectl ? namedByLastApplied(live, how.shape) : undefined;
  const { object, owners } = applied(config, query.flag('force'), how, allowed);
  const merged = object as AnyObject;
  const wanted = served.kind.schema.decode(isKubectl ? withLastApplied(merged, config) : merged);
  const next = { ...wanted, kind: live.kind, apiVersion: live.apiVersion } as AnyObject;
  next.metadata.resourceVersion = config.metadata.resourceVersion ?? live.metadata.resourceVersion;
  const admitted = (await admit?.(next, live)) ?? next;
  return change(call, stored, live, admitted, door === 'status' ? door : 'main', dryRun, warnings, {
    managedFields: entriesOf(owners),
    isAdmitted: admit !== undefined,
  });
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
