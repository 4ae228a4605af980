import type { Admission } from '../../admission/plugin.ts';
import { formatTime } from '../../clock/clock.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import { alreadyExists, badRequest, invalid } from '../../errors/common.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { tracked } from '../apply/track.ts';
import type { Call } from '../request.ts';
import { admit, allocated } from './admit.ts';
import { buildOf, indexOf, ordered, toStored } from './bytes.ts';
import { groupOfCauses } from './change.ts';
import { distinctOwners, metadataCauses } from './metadata.ts';
import { settle } from './settle.ts';
import { resetStatus } from './status.ts';
import { carrying, warn } from './warn.ts';

const attempts = 8;

/** A generated name may be taken; then another is tried. */
export async function createObject(
  call: Call,
  object: AnyObject,
  dryRun: boolean,
  warnings: string[],
  managedFields?: ManagedFieldsEntry[],
) {
  const generated = !object.metadata?.name && object.metadata?.generateName;
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryCreate(
        call,
        generated ? structuredClone(object) : object,
        dryRun,
        warnings,
        managedFields,
      );
    } catch (error) {
      if (!generated || attempt === attempts || !isReason(error, 'AlreadyExists')) throw error;
    }
  }
}

async function tryCreate(
  call: Call,
  input: AnyObject,
  dryRun: boolean,
  warnings: string[],
  applied?: ManagedFieldsEntry[],
) {
  const { deps, served, cluster, namespace, user } = call;
  const { kind } = served;
  let object = resetStatus(kind, prepareMetadata(call, input, warnings));
  object = kind.schema.withDefaults(object);
  const managedFields = applied ?? tracked(call, '', undefined, object);
  if (managedFields?.length) object.metadata.managedFields = managedFields;
  const admission: Admission = {
    operation: 'create',
    cluster,
    kind,
    namespace,
    name: object.metadata.name ?? '',
    object,
    userName: user.name,
    dryRun,
  };
  try {
    await admit(deps.admission, admission);
    kind.prepareForCreate?.(object, deps);
    object = settle(served, deps.admission, object);
    const first = kind.validateFirst?.(object) ?? [];
    const causes = first.length
      ? first
      : [
          ...metadataCauses(kind, object.metadata),
          ...kind.schema.causes(object),
          ...(kind.validate?.(object) ?? []),
        ];
    const name = object.metadata.name ?? '';
    if (causes.length) throw invalid(kind.kind, groupOfCauses(kind), name, causes);
    if (/^[1-9]\d*$/.test(input.metadata?.resourceVersion ?? '')) throw withRevision();
    warn(warnings, kind.warnings?.(object));
    const key = served.key(cluster, namespace, name);
    return await allocated(call, { ...admission, object }, async (whole) => {
      if (!dryRun) return deps.storage.create(key, buildOf(toStored(served, whole)), indexOf(served, whole));
      if (await deps.storage.get(key)) throw alreadyExists(served.subject(name));
      return ordered(whole);
    });
  } catch (error) {
    const taken = isReason(error, 'AlreadyExists');
    throw carrying(taken ? alreadyExists(served.subject(object.metadata.name ?? '')) : error, warnings);
  }
}

const withRevision = () =>
  new ApiError('Unknown', 'resourceVersion should not be set on objects to be created');

function prepareMetadata(
  { deps, served, namespace }: Call,
  object: AnyObject,
  warnings: string[],
): AnyObject {
  const { kind } = served;
  const meta = object.metadata ?? {};
  checkNamespace(kind.namespaced, namespace, meta.namespace);
  const name = meta.name || (meta.generateName && generate(meta.generateName, deps.ids));
  const metadata = {
    ...meta,
    ...(name && { name }),
    ...(namespace && { namespace }),
    uid: deps.ids.uid(),
    creationTimestamp: formatTime(deps.clock.now()),
    ...(kind.generation && { generation: 1 }),
  };
  const owners = metadata.ownerReferences;
  if (owners && owners.length > 1) metadata.ownerReferences = distinctOwners(owners, warnings);
  if (!namespace) delete metadata.namespace;
  delete metadata.resourceVersion;
  delete metadata.selfLink;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.managedFields;
  return { ...object, metadata };
}

/** Throws BadRequest when an object says another namespace than its path. */
export function checkNamespace(namespaced: boolean, ofPath: string, ofObject: string | undefined): void {
  // What has no namespace loses the one it says.
  if (namespaced && ofObject && ofObject !== ofPath)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** The longest base that leaves room for the suffix in 63 characters. */
const maxBase = 58;
const generate = (base: string, ids: Call['deps']['ids']) => `${base.slice(0, maxBase)}${ids.suffix(5)}`;
