import { jsonText } from '../../meta/jsonText.ts';
import type { AnyObject } from '../../meta/object.ts';
import { inTurns } from '../../meta/steps.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';
import { partialMetadata, tableOf } from '../table/table.ts';
import { type Representation, representationFor } from './accept.ts';
import { jsonBytes, warningHeaders } from './answer.ts';
import { encoded, isPretty } from './encode.ts';
import { metadataOf, onlyMediaTypes } from './errors.ts';
import type { ApiResponse } from './message.ts';

/** A stored object as the client wants it: the stored bytes, or another representation made of them. */
export function respondStored(
  call: Call,
  stored: Stored,
  status = 200,
  warnings: string[] = [],
): ApiResponse {
  const representation = representationFor(call.request.header('accept'));
  if (isPlain(call, representation))
    return jsonBytes(status, withNewline(call.served.bytes(stored)), warningHeaders(warnings));
  return represent(call, call.served.parse(stored), representation, status, warnings);
}

/** The same for an object that is not stored. */
export const respondObject = (
  call: Call,
  object: AnyObject,
  status = 200,
  warnings: string[] = [],
): ApiResponse => represent(call, object, representationFor(call.request.header('accept')), status, warnings);

/** Returns what a write led to: what is stored now, or would be. */
export const respondOutcome = (
  call: Call,
  outcome: Stored | AnyObject,
  status: number,
  warnings: string[] = [],
): ApiResponse | Promise<ApiResponse> =>
  isStored(outcome)
    ? respondStored(call, outcome, status, warnings)
    : respondUnstored(call, outcome, status, warnings);

/** The object of a dry run may be larger than any that is stored: it is written in steps. */
async function respondUnstored(
  call: Call,
  object: AnyObject,
  status: number,
  warnings: string[],
): Promise<ApiResponse> {
  const representation = representationFor(call.request.header('accept'));
  if (!isPlain(call, representation)) return represent(call, object, representation, status, warnings);
  const text = await inTurns(jsonText(object), call.deps.turn);
  return jsonBytes(status, Buffer.from(`${text}\n`), warningHeaders(warnings));
}

/** Returns whether a client wants an object as it is stored. */
const isPlain = ({ request }: Call, { format, as }: Representation): boolean =>
  format === 'json' && !as && !isPretty(request);

/** Returns whether a write ended in storage; the outcome of a dry run is an object without stored bytes. */
export const isStored = (outcome: Stored | AnyObject): outcome is Stored =>
  outcome.value instanceof Uint8Array;

function represent(
  call: Call,
  object: AnyObject,
  { format, as, asList, version }: Representation,
  status: number,
  warnings: string[],
): ApiResponse {
  const { kind } = call.served;
  if (asList) throw metadataOf(false, kind.group, kind.kind);
  const headers = warningHeaders(warnings);
  const encoding = { format, pretty: isPretty(call.request) };
  if (as === 'Table') {
    const table = tableOf(call, [object], { resourceVersion: object.metadata.resourceVersion }, version);
    return encoded(status, table, 'Table', encoding, headers);
  }
  if (as)
    return encoded(status, partialMetadata(object, version), 'PartialObjectMetadata', encoding, headers);
  if (format === 'protobuf' && !kind.schema.goType) throw onlyMediaTypes();
  return encoded(status, object, kind.schema.goType, encoding, headers);
}

const newline = 10;

function withNewline(bytes: Uint8Array): Uint8Array {
  const line = Buffer.allocUnsafe(bytes.length + 1);
  line.set(bytes);
  line[bytes.length] = newline;
  return line;
}
