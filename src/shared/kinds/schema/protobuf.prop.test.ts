import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DecodeError } from './decode-error.ts';
import { enumValues, type Field, type Ref, typeOf } from './facts.ts';
import type { Special } from './field.ts';
import { decodeMessage, decodeProtobuf } from './protobuf.ts';
import { encodeMessage, encodeProtobuf } from './protobuf-encode.ts';
import { decodeObject } from './structural.ts';

const kinds = [
  'Pod',
  'Deployment',
  'Service',
  'Secret',
  'Event',
  'EventsV1Event',
  'EndpointSlice',
  'Node',
  'Lease',
];
const others = [
  'SubjectAccessReview',
  'CronJob',
  'HorizontalPodAutoscaler',
  'CustomResourceDefinition',
  'DeleteOptions',
];

test.each([...kinds, ...others])('%s survives protobuf unchanged', (typeName) => {
  fc.assert(
    fc.property(arbitraryObject(typeName), (input) => {
      const object = decodeObject(input, typeName);
      const { kind: _, apiVersion: __, ...body } = object;
      expect(JSON.stringify(decodeMessage(encodeMessage(object, typeName), typeName))).toBe(
        JSON.stringify(body),
      );
    }),
    { numRuns: 40 },
  );
});

test('decoding is idempotent', () => {
  fc.assert(
    fc.property(arbitraryObject('Pod'), (input) => {
      const once = decodeObject(input, 'Pod');
      expect(JSON.stringify(decodeObject(once, 'Pod'))).toBe(JSON.stringify(once));
    }),
  );
});

test('damaged bodies decode or are refused with a DecodeError, never anything else', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(arbitraryObject('Pod'), damage, fc.nat(), (input, changes, cut) => {
      const object = { ...decodeObject(input, 'Pod'), kind: 'Pod', apiVersion: 'v1' };
      const body = encodeProtobuf(object, 'Pod');
      for (const [at, byte] of changes) body[at % body.length] = byte;
      try {
        decodeProtobuf(body.subarray(0, cut % 3 === 0 ? cut % body.length : body.length));
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }),
    { numRuns: 500 },
  );
});

type Json = Record<string, unknown>;

/** Some fields of the type, each with some value. */
function arbitraryObject(typeName: string, depth = 4): fc.Arbitrary<Json> {
  const type = typeOf(typeName);
  const fields = type.fields.filter((f) => depth > 0 || f.ref.is === 'scalar');
  const chosen = fc.subarray(fields, { maxLength: Math.min(6, fields.length) });
  return chosen.chain((some) =>
    fc.record(Object.fromEntries(some.map((f) => [f.name, arbitraryField(f, depth)]))),
  ) as fc.Arbitrary<Json>;
}

function arbitraryField({ name, ref }: Field, depth: number): fc.Arbitrary<unknown> {
  // One object of these carries its own name in every recording; any text will do here.
  return name === 'kind' || name === 'apiVersion' ? fc.string() : arbitraryValue(ref, depth);
}

function arbitraryValue(ref: Ref, depth: number): fc.Arbitrary<unknown> {
  switch (ref.is) {
    case 'list':
      return fc.array(arbitraryValue(ref.of, depth - 1), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.string({ unit: 'grapheme' }), arbitraryValue(ref.of, depth - 1), {
        maxKeys: 3,
      });
    case 'struct': {
      const type = typeOf(ref.name);
      return type.isList ? fc.array(fc.string(), { maxLength: 2 }) : arbitraryObject(ref.name, depth - 1);
    }
    case 'enum':
      return fc.constantFrom(...enumValues(ref.name));
    case 'special':
      return arbitrarySpecial(ref.name, depth);
    case 'scalar':
      return scalars[ref.name];
  }
}

const scalars = {
  string: fc.string({ unit: 'grapheme' }),
  bool: fc.boolean(),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
  bytes: fc.uint8Array({ maxLength: 8 }).map((b) => Buffer.from(b).toString('base64')),
};

const seconds = fc.date({
  min: new Date('0002-01-01T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const json = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)), {
  maxKeys: 3,
});

function arbitrarySpecial(name: Special, depth: number): fc.Arbitrary<unknown> {
  const schema = arbitraryObject('JSONSchemaProps', depth - 2);
  switch (name) {
    case 'Quantity':
      return fc
        .tuple(fc.integer(), fc.constantFrom('', 'm', 'k', 'Mi', 'Gi', 'e3'))
        .map(([n, s]) => `${n}${s}`);
    case 'IntOrString':
      return fc.oneof(fc.integer(), fc.string());
    case 'Time':
      return seconds.map((d) => `${d.toISOString().slice(0, 19)}Z`);
    case 'MicroTime':
      return seconds.map((d) => `${d.toISOString().slice(0, 23)}123Z`);
    case 'Duration':
      return fc.nat().map((n) => `${n}ns`);
    case 'JSONSchemaPropsOrBool':
      return fc.oneof(fc.boolean(), schema);
    case 'JSONSchemaPropsOrArray':
      return fc.oneof(fc.array(schema, { minLength: 1, maxLength: 2 }), schema);
    case 'JSONSchemaPropsOrStringArray':
      return fc.oneof(fc.array(fc.string(), { minLength: 1, maxLength: 2 }), schema);
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      return json;
  }
}
