import type { ApiError } from '../../errors/apiError.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import { cannotBeHandled, DecodeError, strictDecodingError } from '../../kinds/schema/decode-error.ts';
import { problemsInOrder } from '../../kinds/schema/duplicates.ts';
import { typeNameOf } from '../../kinds/schema/facts.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import { MalformedJson, parseJsonBody } from '../../kinds/schema/json.ts';
import { jsonType } from '../../kinds/schema/mismatch.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import { decodeProtobuf } from '../../kinds/schema/protobuf.ts';
import { invalidValue } from '../../kinds/validation/causes.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Turn } from '../../meta/steps.ts';
import { unsupportedMediaType } from '../http/errors.ts';
import { protobufType } from '../http/mediaTypes.ts';
import { MalformedYaml, type ParseYaml, parseYaml } from '../http/yaml.ts';

/** Describes what a body is expected to be. */
export interface Expected {
  group: string;
  version: string;
  kind: string;
  apiVersion: string;
  schema: ObjectSchema;
  /** Options may come under the group of whatever they are about. */
  anyGroup?: true;
}

/** Is an object that was read from a request body: known fields only, with types checked. */
export interface Decoded {
  object: AnyObject;
  /** Unknown and duplicate fields, in the words of a Warning. */
  problems: string[];
}

/** Describes who does what may take long away from the thread that answers requests. Absent: it is done in it. */
export interface Elsewhere {
  /** Parses YAML. */
  parseYaml?: ParseYaml;
  /** Decodes a large body of a kind that the schema facts know, as `decodeBody` does. */
  decodeLarge?: DecodeLarge;
  /** Is asked before a body is decoded, so that this counts as a step. */
  turn?: Turn;
}

/** Decodes a body as `decodeBody` does; throws what it throws. */
export type DecodeLarge = (
  bytes: Uint8Array,
  contentType: string | undefined,
  expected: ExpectedOfFacts,
) => Promise<Decoded>;

/** Describes what is expected, in words that reach another thread: its schema by the name of its type. */
export type ExpectedOfFacts = Omit<Expected, 'schema'> & { goType: string };

/** Bytes. What is shorter is decoded at once: it takes some ten milliseconds at worst. */
const large = 256 * 1024;

/**
 * A request body as an object of the expected kind: JSON, YAML or protobuf by its content type.
 * Throws BadRequest and UnsupportedMediaType in the words of a real server.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentType: string | undefined,
  expected: Expected,
  { parseYaml: yaml, decodeLarge, turn }: Elsewhere = {},
): Promise<Decoded> {
  const pause = turn?.();
  if (pause) await pause;
  const { group, version, kind, apiVersion, anyGroup, schema } = expected;
  if (decodeLarge && schema.goType && bytes.length > large)
    return decodeLarge(bytes, contentType, {
      ...{ group, version, kind, apiVersion, goType: schema.goType },
      ...(anyGroup && { anyGroup }),
    });
  const type = mediaType(contentType);
  const unrecognized = (why: string) =>
    badRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): ${why} (${summary(bytes)})`,
    );
  try {
    switch (type) {
      case '':
      case '*/*':
      case 'application/json':
        return decodeJson(bytes, expected);
      case 'application/yaml': {
        const text = utf8.decode(bytes);
        const { value, repeated } = await (yaml?.(text) ?? parseYaml(text));
        const problems: string[] = [];
        const object = decodeValue(value, expected, problems);
        return { object, problems: [...repeated, ...problems] };
      }
      case protobufType:
        return { object: decodeProto(bytes, expected), problems: [] };
      default:
        throw unsupportedMediaType();
    }
  } catch (error) {
    if (error instanceof MalformedJson)
      throw unrecognized(`couldn't get version/kind; json parse error: ${error.message}`);
    if (error instanceof Unrecognized || error instanceof MalformedYaml) throw unrecognized(error.message);
    if (error instanceof DecodeError)
      throw badRequest(cannotBeHandled(expected.kind, expected.version, error.message));
    throw error;
  }
}

/** `application/json; charset=utf-8` → `application/json`. */
export const mediaType = (header = ''): string => (header.split(';')[0] ?? '').trim().toLowerCase();

class Unrecognized extends Error {}
const utf8 = new TextDecoder();

function decodeJson(bytes: Uint8Array, expected: Expected): Decoded {
  const { text, value } = parseJsonBody(bytes);
  const problems: string[] = [];
  const object = decodeValue(value, expected, problems);
  return { object, problems: problemsInOrder(text, value, problems) };
}

function decodeValue(value: unknown, expected: Expected, problems: string[]): AnyObject {
  // Nothing is an object without anything.
  if (value === null) return decodeValue({}, expected, problems);
  if (typeof value !== 'object' || Array.isArray(value))
    throw new MalformedJson(
      `json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  checkKind(value as { kind?: unknown; apiVersion?: unknown }, expected);
  const decoded = expected.schema.decode(value, problems);
  return { ...decoded, kind: expected.kind, apiVersion: expected.apiVersion };
}

function decodeProto(bytes: Uint8Array, expected: Expected): AnyObject {
  let object: AnyObject;
  try {
    object = decodeProtobuf<AnyObject>(bytes, expected);
  } catch (error) {
    if (error instanceof DecodeError) throw new Unrecognized(error.message);
    throw error;
  }
  checkKind(object, expected);
  return { ...object, kind: expected.kind, apiVersion: expected.apiVersion };
}

/** A body may leave kind and apiVersion out; when they are there they have to be right. */
export function checkKind(given: { kind?: unknown; apiVersion?: unknown }, expected: Expected): void {
  if (!expected.schema.goType) {
    checkCustomKind(given, expected);
    return;
  }
  for (const field of ['kind', 'apiVersion'] as const) {
    const value = given[field];
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw new MalformedJson(
        `json: cannot unmarshal ${jsonType(value)} into Go struct field .${field} of type string`,
      );
  }
  const { kind, apiVersion } = {
    kind: given.kind ?? expected.kind,
    apiVersion: given.apiVersion ?? expected.apiVersion,
  };
  if (String(apiVersion).split('/').length > 2)
    throw new Unrecognized(`unexpected GroupVersion string: ${apiVersion}`);
  if (kind === '' || apiVersion === '') return;
  if (kind === expected.kind && (apiVersion === expected.apiVersion || expected.anyGroup)) return;
  const [version = '', group = ''] = String(apiVersion).split('/').reverse();
  const goType = typeNameOf(group, version, String(kind));
  const internal = expected.group.split('.')[0] || 'core';
  const why =
    goType === undefined
      ? `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`
      : (faultAs(goType, given) ??
        `converting (${version}.${kind}) to (${internal}.${expected.kind}): unknown conversion`);
  throw badRequest(
    cannotBeHandled(String(kind), version, why).replace(
      `handled as a ${kind}`,
      `handled as a ${expected.kind}`,
    ),
  );
}

/** A real server reads an object as what it says it is, before it looks what was asked for. */
function faultAs(goType: string, given: object): string | undefined {
  try {
    goSchema(goType).decode(given, []);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** Checks kind and apiVersion of a custom object: unlike those of built-in kinds, they must be given. */
function checkCustomKind(
  given: { kind?: unknown; apiVersion?: unknown; metadata?: unknown },
  expected: Expected,
): void {
  const { kind, apiVersion } = given;
  if (!kind) throw new Unrecognized(`Object 'Kind' is missing in '${JSON.stringify(given)}'`);
  if (apiVersion !== expected.apiVersion)
    throw badRequest(
      `the API version in the data (${apiVersion ?? ''}) does not match the expected API version (${expected.apiVersion})`,
    );
  if (kind !== expected.kind) throw otherKind(given, expected);
}

/** 422 for an object that says another kind of itself. */
export function otherKind(
  given: { kind?: unknown; apiVersion?: unknown; metadata?: unknown },
  expected: Expected,
): ApiError {
  const { kind, apiVersion, metadata } = given;
  const name = String((metadata as { name?: unknown } | undefined)?.name ?? '');
  const causes = [
    ...(kind === expected.kind ? [] : [invalidValue('kind', kind, `must be ${expected.kind}`)]),
    ...(apiVersion === expected.apiVersion
      ? []
      : [invalidValue('apiVersion', apiVersion, `must be ${expected.apiVersion}`)]),
  ];
  return invalid(String(kind), expected.group, name, causes);
}

/** Is the parameter of that name: what happens to unknown and to duplicate fields. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** Refuses or reports what decoding dropped. Returns the warnings. Throws BadRequest under Strict. */
export function settleProblems(problems: string[], mode: FieldValidation, expected: Expected): string[] {
  if (!problems.length || mode === 'Ignore') return [];
  if (mode === 'Warn') return problems;
  throw badRequest(cannotBeHandled(expected.kind, expected.version, strictDecodingError(problems)));
}

/** Bytes. */
const shown = 30;

function summary(bytes: Uint8Array): string {
  if (bytes.length === 0) return '<empty>';
  const head = Buffer.from(bytes.subarray(0, shown));
  return `${head.toString(bytes[0] === 0x7b ? 'utf8' : 'hex')}${bytes.length > shown ? ' ...' : ''}`;
}
