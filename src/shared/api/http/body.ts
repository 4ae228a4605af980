import { parseDocument } from 'yaml';
import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import { decodeProtobuf } from '../../kinds/schema/protobuf.ts';
import type { ApiRequest } from './message.ts';

/** kube-apiserver's own limit. */
export const maxBodyBytes = 3 * 1024 * 1024;
const maxDepth = 500;

export interface Body {
  value: unknown;
  /** The JSON text, for finding duplicate fields; absent for other encodings. */
  text?: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The body's media type without parameters; absent counts as JSON. */
export const mediaType = (request: ApiRequest): string =>
  request.header('content-type')?.split(';')[0]?.trim().toLowerCase() || 'application/json';

/** Decodes a JSON, YAML or protobuf body. `fallback` is the kind of a protobuf body that does not name its own. */
export async function readBody(
  request: ApiRequest,
  fallback?: { apiVersion: string; kind: string },
): Promise<Body> {
  const type = mediaType(request);
  const bytes = await request.body(maxBodyBytes);
  switch (type) {
    case 'application/json':
      return readJson(bytes);
    case 'application/yaml':
      return readYaml(bytes);
    case 'application/vnd.kubernetes.protobuf':
      return { value: asBadRequest(() => decodeProtobuf(bytes, fallback)) };
    default:
      throw new ApiError(
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      );
  }
}

/** JSON text as a value; empty is undefined. */
export function readJson(bytes: Uint8Array): Body {
  if (bytes.length === 0) return { value: undefined };
  const text = asBadRequest(() => decoder.decode(bytes));
  const value = asBadRequest(() => JSON.parse(text));
  return { value: limited(value), text };
}

function readYaml(bytes: Uint8Array): Body {
  return {
    value: asBadRequest(() => {
      const document = parseDocument(decoder.decode(bytes), { version: '1.1', logLevel: 'silent' });
      if (document.errors[0]) throw document.errors[0];
      return limited(document.toJS({ maxAliasCount: 100 }));
    }),
  };
}

function asBadRequest<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw badRequest(
      `the object provided is unrecognized: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Refuses values nested so deeply that walking them would exhaust the stack. */
function limited(value: unknown): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw badRequest('exceeded max depth');
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return value;
}
