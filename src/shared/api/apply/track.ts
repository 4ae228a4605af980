import { formatTime } from '../../clock/clock.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Later } from '../../meta/steps.ts';
import { table } from '../../meta/table.ts';
import type { Call } from '../request.ts';
import { addedFields } from './created.ts';
import { difference, empty, type FieldSet, isEmpty } from './fieldSet.ts';
import { entriesOf, type Identity, type Owner, ownersIn, updated, type Write } from './owners.ts';

/** Through which door somebody writes: '', `status`, `scale`, `ephemeralcontainers`. */
export type Door = string;

/**
 * managedFields after a write that is no apply. `given` are those that the client sent: they replace what is stored, and
 * one empty entry clears it. An object that nobody owns stays so until somebody applies to it; such are those that the
 * controllers in this process make. `later` receives what fills in the fields of an object of many parts.
 */
export function tracked(
  call: Call,
  door: Door,
  live: AnyObject | undefined,
  object: AnyObject,
  later: Later,
  given: ManagedFieldsEntry[] = [],
): ManagedFieldsEntry[] | undefined {
  const stored = live?.metadata.managedFields ?? [];
  if (given.length === 1 && Object.keys(given[0]!).length === 0) return undefined;
  if (!live) return call.request.peer.internal ? undefined : created(call, object, later);
  if (stored.length === 0) return undefined;
  const before = ownersIn(door === '' && given.length ? given : stored);
  const owners = updated(object, writeOf(call, door, live, before, 'Update'));
  return entriesOf(owners);
}

function created(call: Call, object: AnyObject, later: Later): ManagedFieldsEntry[] | undefined {
  const { live, me, now, shape } = writeOf(call, '', undefined, [], 'Update');
  const fields = addedFields(live, object, shape, later) ?? {};
  for (const name of ['kind', 'apiVersion']) delete fields[`f:${name}`];
  if (call.served.kind.subresources?.status) delete fields['f:status'];
  const metadata = fields['f:metadata'] ?? {};
  for (const name of server) delete metadata[`f:${name}`];
  if (Object.keys(metadata).length === 0) delete fields['f:metadata'];
  if (Object.keys(fields).length === 0) return undefined;
  const { manager, operation, apiVersion } = me;
  return [{ manager, operation, apiVersion, time: now, fieldsType: 'FieldsV1', fieldsV1: fields }];
}

/** Describes the write of a request: its manager, the time, and the fields that its door lets it own. */
export function writeOf(
  call: Call,
  door: Door,
  live: AnyObject | undefined,
  owners: Owner[],
  operation: Identity['operation'],
): Write {
  const { deps, served } = call;
  const { schema } = served.kind;
  return {
    live: live ?? schema.empty(),
    owners,
    me: { manager: managerOf(call), operation, apiVersion: served.apiVersion, subresource: door },
    now: formatTime(deps.clock.now()),
    shape: schema.shape,
    ownable: (fields) => ownable(fields, passes(door, operation), served.kind.subresources?.status === true),
  };
}

/** As the client says, or the program that it is. */
function managerOf({ request, query }: Call): string {
  // The controllers are what that program is in a real cluster, and tools know them by its name.
  if (request.peer.internal) return 'kube-controller-manager';
  const agent = request.header('user-agent') || 'unknown';
  return query.get('fieldManager') || agent.split('/')[0]!.slice(0, 128);
}

const server = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
];
const nodes = (names: string[], of: FieldSet) => new Map(names.map((name) => [`f:${name}`, of]));
/** The server owns these fields, even when a client sends them. */
const serverFields: FieldSet = {
  member: false,
  children: new Map([
    ...nodes(['kind', 'apiVersion'], { member: true, children: new Map() }),
    ['f:metadata', { member: true, children: nodes(server, { member: true, children: new Map() }) }],
  ]),
};

/** As in Kubernetes who applies to a part of a Pod owns all that was named, also what does not get through. */
const passes = (door: Door, operation: Identity['operation']): Door =>
  operation === 'Apply' && ['ephemeralcontainers', 'resize'].includes(door) ? '' : door;

/** Returns what goes through a door that lets a part of the spec or the status through. `*` is any element. */
const doors: Record<string, (fields: FieldSet) => FieldSet> = table({
  ephemeralcontainers: (fields) => within(fields, [['f:spec', 'f:ephemeralContainers']]),
  resize: (fields) =>
    within(
      fields,
      ['f:containers', 'f:initContainers'].flatMap((list) =>
        ['f:resources', 'f:resizePolicy'].map((field) => ['f:spec', list, '*', field]),
      ),
    ),
  approval: (fields) => within(fields, [['f:metadata'], ['f:status', 'f:conditions']]),
});

/** The fields at the paths and below. */
function within(fields: FieldSet, paths: string[][]): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of fields.children) {
    const further = paths.filter(([first]) => first === element || first === '*').map(([, ...rest]) => rest);
    if (further.length === 0) continue;
    const kept = further.some((rest) => rest.length === 0) ? child : within(child, further);
    if (!isEmpty(kept)) children.set(element, kept);
  }
  return children.size > 0 ? { member: false, children } : empty;
}

function ownable(fields: FieldSet, door: Door, hasStatus: boolean): FieldSet {
  const own = doors[door];
  if (own) return own(difference(fields, serverFields));
  const children = new Map(difference(fields, serverFields).children);
  if (door === 'status') children.delete('f:spec');
  else if (hasStatus) children.delete('f:status');
  for (const [element, child] of children) if (isEmpty(child)) children.delete(element);
  return children.size > 0 ? { member: false, children } : empty;
}
