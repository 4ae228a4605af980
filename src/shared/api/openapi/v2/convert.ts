/** OpenAPI v3 as these documents have it → Swagger 2.0: the older form of the same facts. */
import { table } from '../../../meta/table.ts';
import type { Schema } from '../schemas.ts';

type Json = Record<string, unknown>;

/** Is as much of an OpenAPI v3 document as the conversion to v2 reads. */
export interface V3Document extends Json {
  paths: Record<string, Json>;
  components: { schemas: Record<string, Schema> };
}

/** Is what a document says of paths, and of the definitions that they speak of. */
export interface SwaggerOf {
  paths: Json;
  definitions: Json;
}

/** The same in the words of Swagger. */
export function swaggerOf({ paths: items, components: { schemas } }: V3Document): SwaggerOf {
  const paths: Json = {};
  const definitions: Json = {};
  for (const path in items) paths[path] = pathItem(items[path]!);
  for (const model in schemas) definitions[model] = definition(model, schemas[model]!);
  return { paths, definitions };
}

function pathItem(item: Json): Json {
  const found: Json = {};
  for (const key in item)
    found[key] =
      key === 'parameters'
        ? (item[key] as V3Parameter[]).map(parameter)
        : operation(item[key] as V3Operation);
  return found;
}

interface V3Parameter {
  schema: Json;
}

interface V3Operation extends Json {
  parameters?: V3Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }>; required?: true };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
}

/** What stood in a schema of its own stands beside the name. */
const parameter = ({ schema, ...rest }: V3Parameter): Json => ({ ...schema, ...rest });

function operation({
  tags,
  operationId,
  parameters = [],
  requestBody,
  responses,
  ...rest
}: V3Operation): Json {
  const consumes = Object.keys(requestBody?.content ?? { '*/*': {} });
  const produces = new Set(Object.values(responses).flatMap(({ content = {} }) => Object.keys(content)));
  const all = [...(requestBody ? [bodyParameter(requestBody)] : []), ...parameters.map(parameter)];
  return {
    consumes,
    produces: [...produces],
    schemes: ['https'],
    tags,
    operationId,
    ...(all.length > 0 && { parameters: all }),
    responses: Object.fromEntries(Object.entries(responses).map(([code, r]) => [code, response(r)])),
    ...rest,
  };
}

const bodyParameter = ({ content, required }: NonNullable<V3Operation['requestBody']>): Json => ({
  name: 'body',
  in: 'body',
  ...(required && { required }),
  schema: schemaOf(Object.values(content)[0]!.schema),
});

const response = ({ description, content }: V3Operation['responses'][string]): Json => ({
  description,
  ...(content && { schema: schemaOf(Object.values(content)[0]!.schema) }),
});

/** Types that are one of several have no words in Swagger. */
const plain: Record<string, Schema> = table({
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string', format: 'int-or-string' },
});

const definition = (model: string, schema: Schema): Schema => plain[model] ?? whole(schemaOf(schema), schema);

/** A kind that keeps unknown fields is shown as an object without known fields. */
const whole = (converted: Schema, { type }: Schema): Schema =>
  converted['x-kubernetes-preserve-unknown-fields'] && type === 'object'
    ? { type, ...extensions(converted) }
    : converted;

const extensions = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => ofTheKind.includes(key)));

const ofTheKind = ['x-kubernetes-group-version-kind', 'x-kubernetes-selectable-fields'];

/** What Swagger has no words for, and defaults, are left out, as a real server does. */
function schemaOf(given: Schema): Schema {
  const { default: _default, allOf, anyOf: _any, oneOf: _one, not: _not, nullable, ...rest } = given;
  const [only] = (allOf as Schema[] | undefined) ?? [];
  const schema: Schema = only?.$ref ? { ...only, ...rest } : { ...rest };
  if (typeof schema.$ref === 'string')
    schema.$ref = schema.$ref.replace('#/components/schemas/', '#/definitions/');
  if (nullable || schema['x-kubernetes-preserve-unknown-fields']) return untyped(schema, !!nullable);
  if (schema.items) schema.items = schemaOf(schema.items as Schema);
  if (typeof schema.additionalProperties === 'object')
    schema.additionalProperties = schemaOf(schema.additionalProperties as Schema);
  if (schema.properties) {
    const properties = Object.entries(schema.properties as Record<string, Schema>);
    schema.properties = Object.fromEntries(properties.map(([name, inner]) => [name, schemaOf(inner)]));
    const required = (schema.required as string[] | undefined)?.filter(
      (name) => !properties.some(([of, inner]) => of === name && inner.nullable),
    );
    if (required && required.length < (schema.required as string[]).length) schema.required = required;
  }
  return schema;
}

/** kubectl refuses unknown fields and nulls wherever it knows a type or a property. */
function untyped(schema: Schema, isNullable: boolean): Schema {
  const { items: _items, properties: _properties, required: _required, type, ...rest } = schema;
  const { additionalProperties: _values, ...plain } = rest;
  return isNullable || type === 'object' || type === 'array'
    ? plain
    : { ...plain, ...(type !== undefined && { type }) };
}
