/** What went over the wire with a request, as far as it is kept. */

import { parse } from 'yaml';
import type { ApiResponse } from '../../shared/api/http/message.ts';
import { decodeProtobuf, isProtobuf } from '../../shared/kinds/schema/protobuf.ts';

export interface Body {
  chunks: Uint8Array[];
  /** False once there was more than is kept. */
  isWhole: boolean;
}

const mostBytes = 4 * 1024 * 1024;

/** A body as an object; undefined for none, for one that is too large and for what is neither JSON nor YAML nor protobuf. */
export function bodyOf(
  { chunks, isWhole }: Body,
  { omitManagedFields }: { omitManagedFields?: boolean } = {},
): unknown {
  const bytes = Buffer.concat(chunks);
  if (!isWhole || bytes.length === 0 || bytes.length > mostBytes) return undefined;
  const value = read(bytes);
  if (omitManagedFields) withoutOwners(value);
  return value;
}

function read(bytes: Buffer): object | undefined {
  try {
    if (isProtobuf(bytes)) return decodeProtobuf(bytes);
    const text = bytes.toString();
    const value = /^\s*[{[]/.test(text) ? JSON.parse(text) : parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
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
    into?.chunks.push(body);
    done();
    return answer;
  }
  const passing = async function* () {
    let size = 0;
    try {
      for await (const chunk of body) {
        size += chunk.length;
        if (into && size > mostBytes) into.isWhole = false;
        else into?.chunks.push(chunk);
        yield chunk;
      }
    } finally {
      done();
    }
  };
  return { ...answer, body: passing() };
}
