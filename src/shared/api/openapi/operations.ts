/** One operation, as generators of clients and editors expect it: named, with its body and its answers. */
import { typeOf } from '../../kinds/schema/facts.ts';
import { protobufType as protobuf } from '../http/mediaTypes.ts';
import type { Parameter } from './parameters.ts';
import type { DescribedKind, PathItem } from './paths.ts';
import { reference } from './schemas.ts';

/** Describes where an operation stands. */
export interface Place {
  kind: DescribedKind;
  subresource?: string;
  /** A list of all namespaces. */
  overAll?: true;
}

/** The kind an operation speaks, which need not be that of the resource. */
export interface Spoken {
  group: string;
  version: string;
  kind: string;
  /** Its name in the document. */
  model: string;
}

/** Is the value of `x-kubernetes-action`, and begins the operation's name. */
export type Action = 'list' | 'get' | 'post' | 'put' | 'patch' | 'delete' | 'deletecollection';

interface Parts {
  parameters?: Parameter[];
  body?: object;
  /** Model of what is answered; `text` for plain text. */
  answer: string;
}

/** Describes one method of a path as Kubernetes' documents do: name, parameters, body, answers, extensions. */
export function operation(place: Place, action: Action, spoken: Spoken, parts: Parts): PathItem {
  const { group, version, kind } = spoken;
  const { parameters, body, answer } = parts;
  return {
    tags: [tagOf(place.kind)],
    operationId: nameOf(place, action),
    ...(parameters && { parameters }),
    ...(body && { requestBody: body }),
    responses: responses(action, answer, place.kind),
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

const verbs: Record<Action, string> = {
  list: 'list',
  get: 'read',
  post: 'create',
  put: 'replace',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete',
};

/** `patchAppsV1NamespacedDeploymentStatus`, as a real server names it. */
function nameOf({ kind, subresource = '', overAll }: Place, action: Action): string {
  const where = `${capital(groupWord(kind.group))}${capital(kind.version)}`;
  const whole = action === 'deletecollection' ? 'Collection' : '';
  const scope = kind.namespaced && !overAll ? 'Namespaced' : '';
  const all = overAll ? 'ForAllNamespaces' : '';
  return `${verbs[action]}${where}${whole}${scope}${kind.kind}${capital(subresource)}${all}`;
}

const tagOf = ({ group, version }: DescribedKind) => `${groupWord(group)}_${version}`;

/** `rbac.authorization.k8s.io` → `rbacAuthorization`. */
function groupWord(group: string): string {
  const [first = '', ...rest] = (group || 'core').replace(/\.k8s\.io$/, '').split('.');
  return first + rest.map(capital).join('');
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const codes: Record<Action, number[]> = {
  list: [200],
  get: [200],
  post: [200, 201, 202],
  put: [200, 201],
  patch: [200, 201],
  delete: [200, 202],
  deletecollection: [200],
};
const words: Record<number, string> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

const media = ['application/json', 'application/yaml'];
const streams = ['application/json;stream=watch', `${protobuf};stream=watch`];

function responses(action: Action, model: string, { schema: { goType } }: DescribedKind): object {
  const isText = model === 'text';
  const watches = action === 'list' && goType ? streams : [];
  const types = [...media, ...(goType ? [protobuf] : []), ...watches, ...(isText ? ['text/plain'] : [])];
  const schema = isText ? { type: 'string' } : reference(model);
  const content = Object.fromEntries(types.map((t) => [t, { schema }]));
  const found = codes[action].map((code) => [code, { description: words[code], content }]);
  return { ...Object.fromEntries(found), 401: { description: 'Unauthorized' } };
}

/** Describes a request body of the model, in any media type. */
export const body = (model: string, required = true): object => ({
  content: { '*/*': { schema: reference(model) } },
  ...(required && { required: true }),
});

const patchTypes = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json', 'apply-patch+yaml'];

/** Returns what PATCH takes; not every kind knows strategic merge. */
export function patchBody(isStrategic: boolean): object {
  const schema = reference(typeOf('Patch').model);
  const types = patchTypes.filter((type) => isStrategic || !type.startsWith('strategic'));
  return {
    content: Object.fromEntries(types.map((type) => [`application/${type}`, { schema }])),
    required: true,
  };
}
