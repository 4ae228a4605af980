import { checkAllowed } from '../../auth/authorize.ts';
import { formatTime } from '../../clock/clock.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import { alreadyExists, badRequest } from '../../errors/common.ts';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import { soonAfter } from '../../meta/soon.ts';
import { tracked } from '../apply/track.ts';
import type { Call } from '../request.ts';
import { type Served, serve } from '../served.ts';
import { AdmissionRequest } from './admission.ts';
import { buildOf, indexOf, ordered, toStored } from './bytes.ts';
import { metadataCauses, withDistinctOwners } from './metadata.ts';
import { kindFindings, schemaFindings } from './schemaFindings.ts';
import { admitted, type Outcome, type Write, written } from './sequence.ts';
import { resetStatus } from './status.ts';
import { warn } from './warn.ts';

/** Describes what few creations say besides. */
export interface CreateDetails {
  /** Says who owns the fields, where that has been worked out already (apply). */
  managedFields?: ManagedFieldsEntry[];
  /** Admission is not asked. */
  isAdmitted?: boolean;
}

/**
 * Stores a new object, which has been decoded. A generated name may be taken; then another is tried.
 * @throws AlreadyExists, Invalid, Forbidden, BadRequest.
 */
export async function createObject(
  call: Call,
  input: AnyObject,
  dryRun: boolean,
  warnings: string[],
  details: CreateDetails = {},
): Promise<Outcome> {
  const { served, namespace } = call;
  checkNamespace(served.kind.namespaced, namespace, input.metadata?.namespace);
  if (served.isClosed) throw closed(served, input.metadata?.name ?? '');
  const write = creation(call, input, dryRun, warnings, details);
  const prepared = await admitted(write, input);
  const { name, generateName } = prepared.object.metadata;
  const isGenerated = !name && generateName;
  for (let attempt = 1; ; attempt++) {
    try {
      const object = isGenerated ? copyOf(prepared.object) : prepared.object;
      return await written(write, { ...prepared, object });
    } catch (error) {
      if (!isGenerated || attempt === attempts || !isReason(error, 'AlreadyExists')) throw error;
    }
  }
}

const attempts = 8;

/** A PUT or a PATCH that creates takes the right to create besides its own. Throws Forbidden. */
export async function checkMayCreate({ served, deps, user, cluster, namespace, name }: Call): Promise<void> {
  const { group, version, plural } = served.kind;
  await checkAllowed(deps.authorizer, {
    cluster,
    user,
    verb: 'create',
    resource: { group, version, plural },
    ...(namespace && { namespace }),
    name,
    path: '',
  });
}

function creation(
  call: Call,
  input: AnyObject,
  dryRun: boolean,
  warnings: string[],
  { managedFields, isAdmitted = false }: CreateDetails,
): Write {
  const { deps, served, cluster, namespace } = call;
  const { kind } = served;
  return {
    call,
    admission: new AdmissionRequest(call, { operation: 'CREATE', dryRun, warnings }),
    isAdmitted,
    warnings,
    protect: (object, isAfterAdmission) =>
      resetStatus(
        kind,
        withDistinctOwners(withoutServersPart(object, namespace), warnings, isAfterAdmission),
      ),
    managedFields: (object, later) => managedFields ?? tracked(call, '', undefined, object, later),
    prepare: (object) => {
      identify(object, call);
      const { clock, ids } = deps;
      kind.prepareForCreate?.(object, { clock, ids, warn: (text) => warn(warnings, [text]) });
    },
    findings: (object) => {
      const first = kind.validateFirst?.(object) ?? [];
      if (first.length) return first;
      return soonAfter(schemaFindings(call, object), (ofSchema) =>
        soonAfter(kindFindings(call, object), (ofKind) => [
          ...metadataCauses(kind, object.metadata),
          ...ofSchema,
          ...ofKind,
        ]),
      );
    },
    remarks: (object) => kind.warnings?.(object),
    store: async (object) => {
      // It is etcd that minds, which does not hear of a dry run.
      const isRevised = /^[1-9]\d*$/.test(input.metadata?.resourceVersion ?? '');
      if (isRevised && !dryRun) throw withRevision();
      const name = object.metadata.name ?? '';
      const key = served.key(cluster, namespace, name);
      const taken = () => alreadyExists(served.subject(name));
      const first = kind.createsFirst?.(object) ?? [];
      if ((dryRun || first.length) && (await deps.storage.get(key))) throw taken();
      if (dryRun) return ordered(object);
      if (first.length) await createFirst(call, first);
      try {
        return await deps.storage.create(
          key,
          buildOf(toStored(served, object)),
          indexOf(served, object, cluster),
        );
      } catch (error) {
        throw isReason(error, 'AlreadyExists') ? taken() : error;
      }
    },
  };
}

/** Stores what has to be there before the object of the call, as the server's own. */
async function createFirst(call: Call, objects: AnyObject[]): Promise<void> {
  const { kinds } = call.deps;
  for (const object of objects) {
    const kind = kinds.find((each) => each.kind === object.kind && apiVersionOf(each) === object.apiVersion)!;
    const place = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
    const own: Call = { ...call, ...place, served: serve(kind, kinds) };
    try {
      await createObject(own, object, false, [], { managedFields: [], isAdmitted: true });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }
}

const closed = ({ resource, subject }: Served, name: string) =>
  new ApiError(
    'Forbidden',
    `${resource} ${JSON.stringify(name)} is forbidden: create not allowed while custom resource definition is terminating`,
    { details: { name, group: subject(name).group, kind: subject(name).plural } },
  );

const withRevision = () =>
  new ApiError('Unknown', 'resourceVersion should not be set on objects to be created');

/** The object without what only the server says of it, and in the namespace of its path. */
function withoutServersPart(object: AnyObject, namespace: string): AnyObject {
  const metadata = { ...object.metadata, ...(namespace && { namespace }) };
  if (!namespace) delete metadata.namespace;
  delete metadata.uid;
  delete metadata.creationTimestamp;
  delete metadata.resourceVersion;
  delete metadata.selfLink;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.managedFields;
  return { ...object, metadata };
}

function identify({ metadata }: AnyObject, { deps, served }: Call): void {
  if (!metadata.name && metadata.generateName)
    metadata.name = `${metadata.generateName.slice(0, maxBase)}${deps.ids.suffix(5)}`;
  metadata.uid = deps.ids.uid();
  metadata.creationTimestamp = formatTime(deps.clock.now());
  if (served.kind.generation) metadata.generation = 1;
}

/** The longest base that leaves room for the suffix in 63 characters. */
const maxBase = 58;

/** Throws BadRequest when an object says another namespace than its path. */
export function checkNamespace(namespaced: boolean, ofPath: string, ofObject: string | undefined): void {
  // What has no namespace loses the one it says.
  if (namespaced && ofObject && ofObject !== ofPath)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
