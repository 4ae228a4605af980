import type { Bindings } from '../../cel/eval/frame.ts';
import {
  authorizerValue,
  type Check,
  type Decide,
  requestResourceValue,
} from '../../cel/library/kubernetes/authorizer.ts';
import { fromJson } from '../../cel/values/json.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Place } from '../matching/rules.ts';
import type { Admission, ObjectKind } from '../plugin.ts';

/** Describes what the expressions of a policy are evaluated on. */
export interface Input {
  readonly admission: Admission;
  /** The objects in another version than that of the request. */
  readonly shown?: Pick<Admission, 'object' | 'old'>;
  readonly place: Place;
  readonly params: AnyObject | undefined;
  readonly namespace: AnyObject | undefined;
}

/** The same as data, which can be sent elsewhere. */
export interface InputData {
  readonly object: AnyObject | null;
  readonly old: AnyObject | null;
  readonly params: AnyObject | null;
  readonly namespace: Record<string, unknown> | null;
  readonly request: Record<string, unknown>;
  readonly resource: Omit<Check, 'verb'>;
}

/** Makes data of what is known of a request. */
export function dataOf({ admission, shown, place, params, namespace }: Input): InputData {
  const { object, old } = shown ?? admission;
  return {
    object: object ?? null,
    old: old ?? null,
    params: params ?? null,
    namespace: namespace ? exposed(namespace) : null,
    request: requestOf(admission, place),
    resource: resourceOf(admission),
  };
}

/** The variables that every expression may name, apart from `variables`. */
export function bindingsOf(data: InputData, decide: Decide): Bindings {
  const values = {
    object: () => fromJson(data.object),
    oldObject: () => fromJson(data.old),
    params: () => fromJson(data.params),
    namespaceObject: () => fromJson(data.namespace),
    request: () => fromJson(data.request),
    authorizer: () => authorizerValue(decide),
    'authorizer.requestResource': () => requestResourceValue(decide, data.resource),
  };
  const known = new Map<string, ReturnType<Bindings>>();
  return (name) => {
    if (!known.has(name) && Object.hasOwn(values, name))
      known.set(name, values[name as keyof typeof values]());
    return known.get(name);
  };
}

const resourceOf = ({ kind, subresource = '', namespace, name }: Admission): Omit<Check, 'verb'> => ({
  group: kind.group,
  resource: kind.plural,
  subresource,
  namespace,
  name,
});

/** An AdmissionRequest without the objects, which are variables of their own. Empty fields are absent. */
export function requestOf(admission: Admission, place: Place): Record<string, unknown> {
  const { kind, objectKind, subresource, name, operation, user, dryRun, options } = admission;
  const { group, version, plural } = kind;
  // A Namespace is in itself.
  const namespace = admission.namespace || (isNamespace(kind) ? name : '');
  return {
    uid: '',
    kind: kindAt(admission, place),
    resource: { group: place.group, version: place.version, resource: place.plural },
    ...(subresource && { subResource: subresource }),
    requestKind: { group: objectKind.group, version: objectKind.version, kind: objectKind.kind },
    requestResource: { group, version, resource: plural },
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      ...(user.groups.length > 0 && { groups: user.groups }),
      ...(user.extra && { extra: user.extra }),
    },
    object: null,
    oldObject: null,
    dryRun,
    options: options ?? null,
  };
}

const isNamespace = ({ plural, group }: Admission['kind']): boolean =>
  plural === 'namespaces' && group === '';

/** Returns what is sent of a resource: of a subresource that speaks a kind of its own always that. */
function kindAt({ kind, objectKind }: Admission, place: Place): ObjectKind {
  const speaksOwn = objectKind.kind !== kind.kind || objectKind.group !== kind.group;
  const { group, version, kind: name } = speaksOwn ? objectKind : place;
  return { group, version, kind: name };
}

/** A namespace without owners and the record of who set what. */
function exposed({ metadata, spec, status }: AnyObject): Record<string, unknown> {
  const { ownerReferences: _owners, managedFields: _fields, ...shown } = metadata;
  return { metadata: shown, spec, status };
}
