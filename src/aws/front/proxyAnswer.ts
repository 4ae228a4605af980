import type { ApiResponse } from '../../shared/api/http/message.ts';

/** Describes what the handler gives: metadata of the answer, as API Gateway wants it, and its body. */
export interface ProxyAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: ApiResponse['body'];
  /** To be called when the body has ended or nobody reads it any more. */
  stop(): void;
}

/** API Gateway fails an answer with more than 20,480 bytes of headers; of all we send only warnings can be long. */
const longestHeader = 8_192;

export const proxyAnswer = ({ status, headers, body }: ApiResponse, stop: () => void): ProxyAnswer => ({
  statusCode: status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, ascii(oneLine(value))])),
  body,
  stop,
});

function oneLine(value: string | string[]): string {
  if (typeof value === 'string') return value;
  let line = '';
  for (const each of value) {
    const longer = line ? `${line}, ${each}` : each;
    if (Buffer.byteLength(longer) > longestHeader) break;
    line = longer;
  }
  return line;
}

/** What API Gateway makes of other bytes, nobody says. */
const ascii = (text: string) => text.replace(/[^ -~]+/g, '?');
