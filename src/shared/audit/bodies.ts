/** Is what went over the wire with a request, as far as it is kept. */

import { gunzipSync } from 'node:zlib';
import type { ApiResponse } from '../api/http/message.ts';
import { parseYaml } from '../api/http/yaml.ts';
import { mediaType } from '../api/write/decode.ts';
import { decodeProtobuf, isProtobuf } from '../kinds/schema/protobuf.ts';

export interface Body {
  chunks: Uint8Array[];
  bytes: number;
}

/** What is longer is not kept at all. */
const mostBytes = 4 * 1024 * 1024;

export const emptyBody = (): Body => ({ chunks: [], bytes: 0 });

/** Adds a piece of a body to what is kept of it. */
export function keep(into: Body, chunk: Uint8Array): void {
  into.bytes += chunk.length;
  if (into.bytes <= mostBytes) into.chunks.push(chunk);
  else into.chunks = [];
}

/** Describes how a body is to be read: as its headers say. */
export interface Coding {
  type?: string | undefined;
  encoding?: string | undefined;
}

/** Longer YAML is not read: it takes too long beside everybody's requests. */
const mostYaml = 64 * 1024;

/** A body as an object; undefined for none, for one that is too large and for what is no object in JSON, YAML or protobuf. */
export function bodyOf(
  { chunks, bytes }: Body,
  { type, encoding }: Coding,
  { omitManagedFields }: { omitManagedFields?: boolean } = {},
): unknown {
  if (bytes === 0 || bytes > mostBytes) return undefined;
  try {
    const sent = Buffer.concat(chunks);
    const whole = encoding === 'gzip' ? gunzipSync(sent, { maxOutputLength: mostBytes }) : sent;
    const value = read(whole, mediaType(type));
    if (typeof value !== 'object' || value === null) return undefined;
    if (omitManagedFields) withoutOwners(value);
    return value;
  } catch {
    return undefined;
  }
}

function read(bytes: Buffer, type: string): unknown {
  if (isProtobuf(bytes)) return decodeProtobuf(bytes);
  const isYaml = /[/+]yaml$/.test(type);
  if (!isYaml && type !== '' && !/[/+]json$/.test(type)) return undefined;
  const text = bytes.toString();
  // What kubectl applies calls itself YAML and is JSON.
  if (!isYaml || /^\s*[{[]/.test(text)) return JSON.parse(text);
  return text.length > mostYaml ? undefined : parseYaml(text).value;
}

function withoutOwners(value: unknown): void {
  const { metadata, items } = (value ?? {}) as { metadata?: Record<string, unknown>; items?: unknown[] };
  if (metadata) delete metadata.managedFields;
  for (const item of items ?? []) withoutOwners(item);
}

/** The same answer; calls `done` when it has been sent, having kept what was sent in `into`. */
export function watched(answer: ApiResponse, into: Body | undefined, done: () => void): ApiResponse {
  const { body } = answer;
  if (body instanceof Uint8Array) {
    if (into) keep(into, body);
    done();
    return answer;
  }
  const passing = async function* () {
    try {
      for await (const chunk of body) {
        if (into) keep(into, chunk);
        yield chunk;
      }
    } finally {
      done();
    }
  };
  return { ...answer, body: passing() };
}
