import { isObject } from '../../../shared/meta/isObject.ts';
import type { Resource } from '../../kube/discovery.ts';

/** A value of JSON that may be an object of the API. */
export type Json = { [field: string]: unknown };

type Named = Pick<Resource, 'plural' | 'kind'>;

/**
 * The same answer, of which no Secret holds anything: neither data nor values of annotations, where `kubectl apply` and
 * others keep a copy. A Secret is made anew of the fields that are known to be harmless, so a field that some server adds
 * does not slip through.
 */
export function withoutContents(answer: Json, { plural, kind }: Named): Json {
  const isSecret = plural === 'secrets' || kind === 'Secret' || isSecretKind(answer.kind);
  if (!Array.isArray(answer.items)) return isSecret ? emptied(answer) : answer;
  const items = answer.items.filter(isObject);
  return {
    ...(isSecret ? named(answer) : answer),
    metadata: answer.metadata,
    items: items.map((item) => (isSecret || isSecretKind(item.kind) ? emptied(item) : item)),
  };
}

const isSecretKind = (kind: unknown) => kind === 'Secret' || kind === 'SecretList';

const named = ({ apiVersion, kind }: Json): Json => ({ apiVersion, kind });

function emptied(secret: Json): Json {
  const { type, immutable, data } = secret;
  const found = isObject(secret.metadata) ? secret.metadata : {};
  const metadata = Object.fromEntries(
    shownMetadata.flatMap((name) => (Object.hasOwn(found, name) ? [[name, found[name]]] : [])),
  );
  return {
    ...named(secret),
    metadata: { ...metadata, ...(isObject(found.annotations) && { annotations: veiled(found.annotations) }) },
    ...(typeof type === 'string' && { type }),
    ...(typeof immutable === 'boolean' && { immutable }),
    ...(isObject(data) && { data: veiled(data, sizeOf) }),
  };
}

const shownMetadata = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
  'finalizers',
];

const veiled = (values: Json, more: (value: unknown) => string = () => '') =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, `(hidden${more(value)})`]));

/** As `kubectl describe` tells of it. */
const sizeOf = (value: unknown) =>
  typeof value === 'string' ? `, ${Buffer.from(value, 'base64').length} bytes` : '';
