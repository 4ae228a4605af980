import { formatTime } from '../../clock/clock.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import { alreadyExists, badRequest, invalid, notFound } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../storage/storage.ts';
import { type Context, keyOf, subjectOf } from '../context.ts';
import { admit } from './admit.ts';
import { metadataProblems } from './meta.ts';
import { builder, indexOf, toStored } from './stored.ts';

const suffixLength = 5;
const maxPrefix = 63 - suffixLength;
const attempts = 8;

/** Stores a new object (unless dryRun) and answers it. `object` is decoded and defaulted, and gets changed. */
export async function createObject(ctx: Context, object: AnyObject): Promise<Stored | AnyObject> {
  const { deps } = ctx;
  checkPlace(ctx, object);
  const { metadata } = object;
  if (metadata.resourceVersion)
    throw new ApiError('InternalError', 'resourceVersion should not be set on objects to be created');
  const generated = !metadata.name && Boolean(metadata.generateName);
  for (let attempt = 1; ; attempt++) {
    if (generated)
      metadata.name = `${metadata.generateName!.slice(0, maxPrefix)}${deps.ids.suffix(suffixLength)}`;
    try {
      return await createNamed(ctx, object);
    } catch (error) {
      if (!generated || attempt >= attempts || !isReason(error, 'AlreadyExists')) throw error;
    }
  }
}

async function createNamed(ctx: Context, object: AnyObject): Promise<Stored | AnyObject> {
  const { kind, deps } = ctx;
  const { metadata } = object;
  metadata.uid = deps.ids.uid();
  metadata.creationTimestamp = formatTime(deps.clock.now());
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.managedFields; // ownership is not tracked yet: server-side apply will fill this place
  if (kind.generation) metadata.generation = 1;
  else delete metadata.generation;
  if (kind.subresources?.status) delete object.status;
  kind.prepareForCreate?.(object, deps);

  await namespaceTakesObjects(ctx, metadata.name ?? '');
  await admit(ctx, 'CREATE', object);
  const causes = [...metadataProblems(object, kind), ...(kind.validate?.(object) ?? [])];
  if (causes.length > 0)
    throw invalid(kind.kind, kind.group, metadata.name ?? metadata.generateName ?? '', causes);

  const key = keyOf(ctx, metadata.name);
  if (ctx.dryRun) {
    if (await deps.storage.get(key)) throw alreadyExists(subjectOf(ctx, metadata.name));
    return object;
  }
  const stored = toStored(object, kind);
  return deps.storage.create(key, builder(stored), indexOf(object, kind)).catch((error) => {
    throw isReason(error, 'AlreadyExists') ? alreadyExists(subjectOf(ctx, metadata.name)) : error;
  });
}

/** The body may name the namespace and name of the path, but no others. */
export function checkPlace({ path, kind }: Context, { metadata }: AnyObject): void {
  if (!kind.namespaced) delete metadata.namespace;
  else {
    metadata.namespace ??= path.namespace;
    if (metadata.namespace !== path.namespace)
      throw badRequest(
        `the namespace of the provided object does not match the namespace sent on the request`,
      );
  }
  if (path.name && metadata.name !== undefined && metadata.name !== path.name)
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${path.name})`,
    );
}

/** Refuses objects in a namespace that is not there or on its way out. */
async function namespaceTakesObjects({ deps, cluster, path, kind }: Context, name: string): Promise<void> {
  if (!kind.namespaced) return;
  const found = await deps.storage.get({
    cluster,
    resource: 'namespaces',
    namespace: '',
    name: path.namespace,
  });
  if (!found) throw notFound({ group: '', plural: 'namespaces', name: path.namespace });
  if (found.index.fields?.['status.phase'] !== 'Terminating') return;
  const why = `unable to create new content in namespace ${path.namespace} because it is being terminated`;
  const qualified = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
  throw new ApiError('Forbidden', `${qualified} "${name}" is forbidden: ${why}`, {
    details: {
      name,
      kind: kind.plural,
      ...(kind.group && { group: kind.group }),
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${path.namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}
