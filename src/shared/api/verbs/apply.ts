import { isReason } from '../../errors/apiError.ts';
import { conflict, invalid } from '../../errors/common.ts';
import type { Reason } from '../../errors/reason.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { AnyObject } from '../../meta/object.ts';
import { inTurns } from '../../meta/steps.ts';
import { namedByLastApplied, withLastApplied } from '../apply/lastApplied.ts';
import { appliedSteps, entriesOf, type Owner, ownersIn, updated } from '../apply/owners.ts';
import { type Door, writeOf } from '../apply/track.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { type ChangeDetails, change, type Part } from '../write/change.ts';
import { checkMayCreate, createObject } from '../write/create.ts';
import { checkRevision } from '../write/identity.ts';
import { type WriteOptions, writeOptions } from '../write/options.ts';
import type { Outcome } from '../write/sequence.ts';
import { readConfig } from './applyConfig.ts';

/** Through which door somebody applies, and what may be written there. */
export interface ApplyDoor extends ChangeDetails {
  /** Empty for the object itself. */
  door: Door;
  part: Part;
  /** In which version conflicts tell of others, where the door speaks another kind. */
  versionShown?: string;
  /** Returns `live` with what of `merged` goes through the door. Throws Invalid. */
  narrow?(merged: AnyObject, live: AnyObject, call: Call): AnyObject | Promise<AnyObject>;
}

/** PATCH by server-side apply: an object that says what its sender wants of it, and owns just that. */
export async function apply(call: Call, door: ApplyDoor): Promise<ApiResponse> {
  const { dryRun, fieldValidation } = applyOptions(call);
  const { config, warnings } = await readConfig(call, fieldValidation);
  await call.deps.turn?.();
  const { outcome, status } = await applyConfig(call, config, door, dryRun, warnings);
  return respondOutcome(call, outcome, status, warnings);
}

/** The options of a server-side apply. Throws Invalid when nobody says who applies. */
export function applyOptions({ query }: Call): WriteOptions {
  const options = writeOptions(query, 'PatchOptions', true);
  if (!query.get('fieldManager'))
    throw invalid('PatchOptions', 'meta.k8s.io', '', [
      {
        reason: 'FieldValueRequired',
        message: 'Required value: is required for apply patch',
        field: 'fieldManager',
      },
    ]);
  return options;
}

const attempts = 8;

/** Applies what has been read already. */
export async function applyConfig(
  call: Call,
  config: AnyObject,
  { door, part, versionShown, narrow = (merged) => merged, ...details }: ApplyDoor,
  dryRun: boolean,
  warnings: string[],
): Promise<{ outcome: Outcome; status: 200 | 201 }> {
  const { deps, served, cluster, namespace, name, query } = call;
  // Who insists on a revision is told that the object has another one.
  const insists = Number(config.metadata.resourceVersion ?? 0) !== 0;
  const races: Reason[] = insists ? ['AlreadyExists'] : ['AlreadyExists', 'Conflict'];
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(served.key(cluster, namespace, name));
    try {
      if (!stored) {
        if (door) throw missing(served, name);
        if (config.metadata.uid) throw noSuchUid(call, config.metadata.uid);
        return { outcome: await createByApply(call, config, dryRun, warnings), status: 201 };
      }
      const live = served.parse(stored);
      await deps.turn?.();
      const owners = ownersBefore(call, live);
      const how = {
        ...writeOf(call, door, live, owners, 'Apply'),
        ...(versionShown && { versionShown }),
      };
      const isKubectl = how.me.manager === 'kubectl';
      const allowed = isKubectl ? namedByLastApplied(live, how.shape) : undefined;
      const { object, owners: after } = await inTurns(
        appliedSteps(config, query.flag('force'), how, allowed),
        deps.turn,
      );
      const merged = object as AnyObject;
      const wanted = decodeApplied(served.kind.schema, isKubectl ? withLastApplied(merged, config) : merged);
      const next = { ...wanted, kind: live.kind, apiVersion: live.apiVersion } as AnyObject;
      next.metadata.resourceVersion = config.metadata.resourceVersion ?? live.metadata.resourceVersion;
      const written = await narrow(next, live, call);
      await deps.turn?.();
      const outcome = await change(call, stored, live, written, part, dryRun, warnings, {
        ...details,
        managedFields: entriesOf(after),
      });
      return { outcome, status: 200 };
    } catch (error) {
      // Somebody was faster, with the creation or with a change; conflicts over fields are no matter of speed.
      const isRace = isReason(error, ...races) && !error.details?.causes;
      if (!isRace || attempt === attempts) throw error;
    }
  }
}

const noSuchUid = ({ served, name }: Call, uid: string) =>
  conflict(
    served.subject(name),
    `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
  );

const decodeApplied = (schema: ObjectSchema, object: AnyObject): AnyObject =>
  schema.decodeApplied ? schema.decodeApplied(object) : schema.decode(object);

/**
 * Who may patch may not create for that reason alone. A resourceVersion is passed over, as by a real server: Java Operator
 * SDK sends "1" to have an object created and never changed. Throws Forbidden, and Unknown when it is no number.
 */
async function createByApply(call: Call, sent: AnyObject, dryRun: boolean, warnings: string[]) {
  const { served } = call;
  const { resourceVersion, ...metadata } = sent.metadata;
  checkRevision(resourceVersion);
  const config = { ...sent, metadata };
  await checkMayCreate(call);
  const { schema } = served.kind;
  const steps = appliedSteps(config, true, writeOf(call, '', undefined, [], 'Apply'));
  const { owners } = await inTurns(steps, call.deps.turn);
  const whole = decodeApplied(schema, { ...schema.empty(), ...config });
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
