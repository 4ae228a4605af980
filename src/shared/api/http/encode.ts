import { encodeProtobuf } from '../../kinds/schema/protobuf-encode.ts';
import { formatOf, type Representation } from './accept.ts';
import { jsonBytes } from './answer.ts';
import { onlyMediaTypes } from './errors.ts';
import { protobufType } from './mediaTypes.ts';
import type { ApiRequest, ApiResponse } from './message.ts';
import { toYaml } from './yaml.ts';

/** Says how an object is written: in which format, and whether JSON is indented. */
export interface Encoding {
  format: Representation['format'];
  pretty: boolean;
}

/**
 * An answer with a value that carries its kind. `type`: its name in the schema facts, for protobuf. Throws NotAcceptable
 * when protobuf is wanted of what has no such type.
 */
export function encoded(
  status: number,
  value: object,
  type: string | undefined,
  { format, pretty }: Encoding,
  headers?: ApiResponse['headers'],
): ApiResponse {
  if (format === 'protobuf') {
    if (!type) throw onlyMediaTypes(['application/json', 'application/yaml']);
    return jsonBytes(status, encodeProtobuf(value, type), {
      ...headers,
      'content-type': protobufType,
    });
  }
  if (format === 'yaml')
    return jsonBytes(status, Buffer.from(toYaml(value)), { ...headers, 'content-type': 'application/yaml' });
  const text = pretty ? JSON.stringify(value, undefined, 2) : `${JSON.stringify(value)}\n`;
  return jsonBytes(status, Buffer.from(text), headers);
}

/** Returns how the client wants a Status or another plain answer; JSON when it wants nothing that there is. */
export const plainEncoding = (request: ApiRequest): Encoding => ({
  format: formatOf(request.header('accept')) ?? 'json',
  pretty: isPretty(request),
});

const people = /^(curl|Wget|Mozilla\/5\.0)/;

/** Asked for, or not refused by a client behind which somebody reads. */
export function isPretty(request: ApiRequest): boolean {
  const asked = /[?&]pretty=([^&]+)/.exec(request.target)?.[1];
  return asked === undefined ? people.test(request.header('user-agent') ?? '') : /^(1|t|true)$/i.test(asked);
}
