import { type Environment, extend, type Fields, type Objects } from '../../../../cel/check/environment.ts';
import { kubernetesEnvironment, mutationEnvironment } from '../../../../cel/environment.ts';
import { authorizerType, resourceCheckType } from '../../../../cel/library/kubernetes/authorizer.ts';
import { patchTypes } from '../../../../cel/library/kubernetes/patchTypes.ts';
import {
  boolType,
  dynType,
  intType,
  listOf,
  mapOf,
  objectType,
  stringType,
  type Type,
  timestampType,
} from '../../../../cel/types/type.ts';
import { table } from '../../../../meta/table.ts';

const fields = (types: Readonly<Record<string, Type>>): Fields => new Map(Object.entries(types));
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, stringType]));
const labels = mapOf(stringType, stringType);

const kindType = objectType('kubernetes.GroupVersionKind');
const resourceType = objectType('kubernetes.GroupVersionResource');
const userInfoType = objectType('kubernetes.UserInfo');
const requestType = objectType('kubernetes.AdmissionRequest');
const namespaceType = objectType('kubernetes.Namespace');
const variablesType = objectType('kubernetes.variables');

/** The fields of what expressions of policies are given, as upstream declares them. */
const declared: Readonly<Record<string, Fields>> = table({
  [kindType.name]: fields(texts('group', 'version', 'kind')),
  [resourceType.name]: fields(texts('group', 'version', 'resource')),
  [userInfoType.name]: fields({
    ...texts('username', 'uid'),
    groups: listOf(stringType),
    extra: mapOf(stringType, listOf(stringType)),
  }),
  [requestType.name]: fields({
    kind: kindType,
    resource: resourceType,
    requestKind: kindType,
    requestResource: resourceType,
    ...texts('subResource', 'requestSubResource', 'name', 'namespace', 'operation'),
    userInfo: userInfoType,
    dryRun: boolType,
    options: dynType,
  }),
  [namespaceType.name]: fields({
    metadata: objectType('kubernetes.NamespaceMetadata'),
    spec: objectType('kubernetes.NamespaceSpec'),
    status: objectType('kubernetes.NamespaceStatus'),
  }),
  'kubernetes.NamespaceSpec': fields({ finalizers: listOf(stringType) }),
  'kubernetes.NamespaceStatus': fields({
    conditions: listOf(objectType('kubernetes.NamespaceCondition')),
    phase: stringType,
  }),
  'kubernetes.NamespaceCondition': fields({
    ...texts('status', 'type', 'message', 'reason'),
    lastTransitionTime: timestampType,
  }),
  'kubernetes.NamespaceMetadata': fields({
    ...texts('name', 'generateName', 'namespace', 'UID', 'resourceVersion'),
    labels,
    annotations: labels,
    creationTimestamp: timestampType,
    deletionTimestamp: timestampType,
    deletionGracePeriodSeconds: intType,
    generation: intType,
    finalizers: listOf(stringType),
  }),
});

/** Describes which variables expressions may name besides object, oldObject, request and namespaceObject. */
export interface Offered {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Types of `variables.x`; absent where an expression may not name them. */
  readonly variables?: Fields;
  /** Is what object and oldObject are; anything when absent. */
  readonly object?: { readonly type: Type; readonly objects: Objects };
  /** The same of params. */
  readonly paramsType?: { readonly type: Type; readonly objects: Objects };
  /** Says whether the expression makes a patch. */
  readonly mutates?: boolean;
}

/** Returns what the expressions of policies and match conditions may use. */
export function policyEnvironment({
  params,
  authorizer,
  variables,
  object,
  paramsType,
  mutates,
}: Offered): Environment {
  const objects: Objects = {
    get: (name) =>
      declared[name] ??
      (name === variablesType.name ? variables : undefined) ??
      (mutates ? patchTypes.get(name) : undefined) ??
      object?.objects.get(name) ??
      paramsType?.objects.get(name),
    ...(mutates && patchTypes.make && { make: patchTypes.make }),
  };
  return extend(
    mutates ? mutationEnvironment : kubernetesEnvironment,
    {
      object: object?.type ?? dynType,
      oldObject: object?.type ?? dynType,
      namespaceObject: namespaceType,
      request: requestType,
      ...(params && { params: paramsType?.type ?? dynType }),
      ...(authorizer && { authorizer: authorizerType, 'authorizer.requestResource': resourceCheckType }),
      ...(variables && { variables: variablesType }),
    },
    objects,
  );
}

const scalars = new Set([
  'bool',
  'bytes',
  'double',
  'google.protobuf.Duration',
  'int',
  'null_type',
  'string',
]);
const more = new Set(['google.protobuf.Timestamp', 'uint']);

/** The type by which later expressions know a variable: what is no scalar, list or map is anything. */
export function variableType(type: Type | undefined): Type {
  if (!type) return dynType;
  if (scalars.has(type.name) || more.has(type.name)) return type;
  if (type.kind === 'list' || type.kind === 'map')
    return { ...type, parameters: type.parameters.map(variableType) };
  return dynType;
}
