import { ApiError } from '../../errors/apiError.ts';
import { conflict, invalid } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import { table } from '../../meta/table.ts';
import type { Call } from '../request.ts';
import type { Served } from '../served.ts';

/** Checks that a write is about the stored object, in the version that the client knew. Throws Conflict, Invalid. */
export function checkIdentity(
  { served, cluster, namespace, name }: Call,
  wanted: AnyObject,
  old: AnyObject,
): void {
  const { resourceVersion, uid } = wanted.metadata;
  if (uid && uid !== old.metadata.uid) {
    const { group, plural } = served.kind;
    const folder = (group === '' && foldersOfStore[plural]) || plural;
    const path = [folder, ...(cluster === 'default' ? [] : [cluster]), namespace, name].filter(Boolean);
    throw conflict(
      served.subject(name),
      `StorageError: invalid object, Code: 4, Key: /registry/${path.join('/')}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
  checkRevision(resourceVersion);
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(served.subject(name));
  if (served.kind.needsRevision && !resourceVersion) throw withoutRevision(served, name);
}

/** Says where a real server keeps kinds that had other names: its messages show that. */
const foldersOfStore: Record<string, string> = table({
  replicationcontrollers: 'controllers',
  nodes: 'minions',
  services: 'services/specs',
});

/** Throws Unknown when a resourceVersion that was sent is no number. */
export function checkRevision(text: string | undefined): void {
  if (text && !/^\d+$/.test(text))
    throw new ApiError('Unknown', `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const withoutRevision = ({ kind }: Served, name: string) =>
  invalid(kind.plural, kind.group, name, [
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 0: must be specified for an update',
      field: 'metadata.resourceVersion',
    },
  ]);
