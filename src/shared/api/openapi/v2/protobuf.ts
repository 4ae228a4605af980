/** A Swagger document in the protobuf form that client-go asks for: the messages of gnostic's OpenAPIv2.proto. */
import { delimited, fixed64, varint, Writer } from '../../../kinds/schema/wire.ts';
import type { Steps } from '../../../meta/steps.ts';
import { table } from '../../../meta/table.ts';
import type { SwaggerTexts } from './texts.ts';

type Json = Record<string, unknown>;

/** Describes how the value of a key is written. */
type Write = (value: unknown) => Buffer | boolean | { int: number } | { double: number };
type Fields = Record<string, [number: number, how: Write | Write[]]>;

const text: Write = (value) => Buffer.from(value as string);
const flag: Write = (value) => value as boolean;
const int: Write = (value) => ({ int: value as number });
const double: Write = (value) => ({ double: value as number });

/** A message of these fields; whatever begins with `x-` goes to the field for extensions. */
function message(fields: () => Fields, extensions?: number): (value: unknown) => Buffer {
  return (value) => {
    const writer = new Writer();
    const known = fields();
    const object = value as Json;
    for (const key in object) {
      const field = known[key];
      if (field) put(writer, field[0], field[1], object[key]);
      else if (extensions && key.startsWith('x-')) put(writer, extensions, named(yaml), [key, object[key]]);
      else throw new Error(`no place for ${key} in an OpenAPI message`);
    }
    return writer.bytes();
  };
}

/** `[how]` is a list. */
function put(writer: Writer, number: number, how: Write | Write[], value: unknown): void {
  if (Array.isArray(how)) {
    for (const element of value as unknown[]) put(writer, number, how[0]!, element);
    return;
  }
  const written = how(value);
  if (written === true) writer.tag(number, varint).int(1);
  else if (written === false) return;
  else if ('int' in written) writer.tag(number, varint).int(written.int);
  else if ('double' in written) writer.tag(number, fixed64).double(written.double);
  else writer.tag(number, delimited).delimited(written);
}

const wrapped =
  (number: number, inner: Write | Write[]): Write =>
  (value) => {
    const writer = new Writer();
    put(writer, number, inner, value);
    return writer.bytes();
  };

/** JSON is YAML. */
const yaml = wrapped(2, (value) => Buffer.from(`${JSON.stringify(value)}\n`));

/** An entry of a map: name and value. */
const named = (how: Write): Write => {
  return (entry) => {
    const [name, value] = entry as [string, unknown];
    const writer = new Writer();
    put(writer, 1, text, name);
    put(writer, 2, how, value);
    return writer.bytes();
  };
};

const mapOf = (number: number, how: Write): Write => {
  const inner = wrapped(number, [named(how)]);
  return (value) => inner(Object.entries(value as Json));
};

/** A schema, or whether there may be any. */
const valuesOfMap: Write = (value) =>
  typeof value === 'boolean' ? wrapped(2, flag)(value) : wrapped(1, schema)(value);

const schema: Write = message(
  () => ({
    $ref: [1, text],
    format: [2, text],
    description: [4, text],
    required: [19, [text]],
    enum: [20, [yaml]],
    title: [3, text],
    multipleOf: [6, double],
    maximum: [7, double],
    exclusiveMaximum: [8, flag],
    minimum: [9, double],
    exclusiveMinimum: [10, flag],
    maxLength: [11, int],
    minLength: [12, int],
    pattern: [13, text],
    maxItems: [14, int],
    minItems: [15, int],
    uniqueItems: [16, flag],
    maxProperties: [17, int],
    minProperties: [18, int],
    externalDocs: [29, message(() => ({ description: [1, text], url: [2, text] }))],
    example: [30, yaml],
    additionalProperties: [21, valuesOfMap],
    type: [22, wrapped(1, text)],
    items: [23, wrapped(1, schema)],
    properties: [25, mapOf(1, schema)],
  }),
  31,
);

const bodyParameter = message(() => ({
  name: [2, text],
  in: [3, text],
  required: [4, flag],
  schema: [5, schema],
}));
/** A parameter of a query or a path; the first four fields have the same numbers in both. */
const simple = (type: number, unique: number) =>
  message(() => ({
    required: [1, flag],
    in: [2, text],
    description: [3, text],
    name: [4, text],
    type: [type, text],
    uniqueItems: [unique, flag],
  }));
const places: Record<string, Write> = table({
  body: wrapped(1, bodyParameter),
  query: wrapped(2, wrapped(3, simple(6, 20))),
  path: wrapped(2, wrapped(4, simple(5, 19))),
});
const parameter: Write = wrapped(1, (value) => places[(value as { in: string }).in]!(value));

const response = message(() => ({ description: [1, text], schema: [2, wrapped(1, schema)] }));

const operation = message(
  () => ({
    tags: [1, [text]],
    operationId: [5, text],
    produces: [6, [text]],
    consumes: [7, [text]],
    parameters: [8, [parameter]],
    responses: [9, mapOf(1, wrapped(1, response))],
    schemes: [10, [text]],
  }),
  13,
);

const pathItem = message(() => ({
  get: [2, operation],
  put: [3, operation],
  post: [4, operation],
  delete: [5, operation],
  patch: [8, operation],
  parameters: [9, [parameter]],
}));

const head = message(() => ({
  swagger: [1, text],
  info: [2, message(() => ({ title: [1, text], version: [2, text] }))],
}));

/** Encodes a document whose paths and definitions are there as JSON by their names. */
export function* encodeSwagger({ paths, definitions, ...rest }: SwaggerTexts): Steps<Buffer> {
  const writer = new Writer();
  writer.tag(8, delimited).delimited(yield* entries(paths, 2, pathItem));
  writer.tag(9, delimited).delimited(yield* entries(definitions, 1, schema));
  return Buffer.concat([head(rest), writer.bytes()]);
}

function* entries(texts: ReadonlyMap<string, string>, number: number, how: Write): Steps<Buffer> {
  const writer = new Writer();
  const write = named(how);
  for (const [name, json] of texts) {
    put(writer, number, write, [name, JSON.parse(json)]);
    yield;
  }
  return writer.bytes();
}
