/** Is what OpenAPI documents say of custom resources: the schema of the definition, and what every kind has. */
import { isEmbedded, itemsOf, type Structural } from './schema/structural.ts';

type Schema = Record<string, unknown>;

/** Is the address of a custom kind in one version, as its models and paths need it. */
export interface Names {
  group: string;
  version: string;
  kind: string;
  listKind: string;
  plural: string;
}

/** `com.example.v1.Widget`. */
export const modelName = ({ group, version }: Pick<Names, 'group' | 'version'>, kind: string): string =>
  `${group.split('.').reverse().join('.')}.${version}.${kind}`;

const reference = (model: string): Schema => ({ $ref: `#/components/schemas/${model}` });

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

/** Is what every object says of itself, in Kubernetes' words: `kubectl explain` shows them. */
const typeMeta = {
  apiVersion: {
    type: 'string',
    description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`,
  },
  kind: {
    type: 'string',
    description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
  },
};

const described = (model: string, what: string): Schema => ({
  allOf: [reference(model)],
  description: `Standard ${what} metadata. More info: ${conventions}#metadata`,
});

/** `selectable` are the paths by which objects may be selected. */
export function modelsOf(
  names: Names,
  schema: Structural,
  selectable: readonly string[],
  refer: (goType: string) => string,
): Record<string, Schema> {
  const { group, version, kind, listKind, plural } = names;
  const metadata = described(refer('ObjectMeta'), "object's");
  const known = (of: string) => ({
    'x-kubernetes-group-version-kind': [{ group, kind: of, version }],
    ...(selectable.length > 0 && {
      'x-kubernetes-selectable-fields': selectable.map((path) => ({ fieldPath: path.replace(/^\./, '') })),
    }),
  });
  const shown = published(schema, metadata);
  return {
    [modelName(names, kind)]: {
      ...shown,
      type: 'object',
      properties: { ...(shown.properties as Schema), ...typeMeta, metadata },
      ...known(kind),
    },
    [modelName(names, listKind)]: {
      description: `${listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: typeMeta.apiVersion,
        items: { description: `List of ${plural}.`, type: 'array', items: reference(modelName(names, kind)) },
        kind: typeMeta.kind,
        metadata: described(refer('ListMeta'), 'list'),
      },
      ...known(listKind),
    },
  };
}

/** The schema with what embedded resources have besides. */
function published(schema: Structural, metadata: Schema): Schema {
  const { items, properties, additionalProperties, ...rest } = schema;
  const inner = itemsOf(schema);
  const shown: Schema = {
    ...rest,
    ...(inner && { items: published(inner, metadata) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object'
          ? published(additionalProperties, metadata)
          : additionalProperties,
    }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, published(part, metadata)]),
      ),
    }),
  };
  if (!isEmbedded(schema)) return shown;
  return {
    ...shown,
    properties: { ...(shown.properties as Schema), ...typeMeta, metadata },
    required: [...new Set([...(schema.required ?? []), 'kind', 'apiVersion'])],
  };
}
