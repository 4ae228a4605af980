import type { ServerResponse } from 'node:http';
import { gatewayResponses } from '../../src/aws/front/gatewayResponses.ts';
import { delimiter } from './awslambda.ts';

const longestPrelude = 16 * 1_024;
const longestHeaders = 20_480;
const allowed = ['multiValueHeaders', 'cookies'];
const remapped = ['www-authenticate', 'date', 'server', 'connection'];

/** Turns what a function streams into an answer: metadata as JSON, eight NULs, then the body as it comes. */
export class GatewayAnswer {
  readonly #response: ServerResponse;
  #prelude: Buffer | undefined = Buffer.alloc(0);
  /** Why this was no answer. */
  problem: string | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** False when the client takes no more for now. */
  take(bytes: Uint8Array): boolean {
    if (this.problem) return true;
    if (!this.#prelude) return this.#response.write(bytes);
    const all = Buffer.concat([this.#prelude, bytes]);
    const end = all.indexOf(delimiter);
    this.#prelude = all;
    if (end < 0) {
      if (all.length > longestPrelude) this.#fail('no end of the metadata within 16 KB');
      return true;
    }
    this.#prelude = undefined;
    this.#begin(all.subarray(0, end).toString());
    const rest = all.subarray(end + delimiter.length);
    return this.problem || !rest.length ? true : this.#response.write(rest);
  }

  end(): void {
    if (this.#prelude) this.#fail('the function ended without metadata');
    else this.#response.end();
  }

  #begin(text: string): void {
    const problem = problemOf(text);
    if (problem) {
      this.#fail(problem);
      return;
    }
    const { statusCode, headers = {} } = JSON.parse(text);
    const named = Object.entries<string>(headers).map(([name, value]) =>
      remapped.includes(name.toLowerCase()) ? [`x-amzn-remapped-${name}`, value] : [name, value],
    );
    this.#response.writeHead(statusCode, Object.fromEntries(named));
    this.#response.flushHeaders();
  }

  #fail(problem: string): void {
    this.problem = problem;
    gatewayRefuses(this.#response, 'INTEGRATION_FAILURE');
  }
}

/** Why API Gateway would make nothing of this metadata. */
function problemOf(text: string): string | undefined {
  const { statusCode, headers = {}, ...more } = JSON.parse(text);
  const surplus = Object.keys(more).filter((key) => !allowed.includes(key));
  if (surplus.length) return `metadata has ${surplus}`;
  if (!Number.isInteger(statusCode)) return 'metadata has no statusCode';
  if ([204, 304].includes(statusCode)) return `an answer of ${statusCode} has no body, and may not end`;
  if (Object.values(headers).some((value) => typeof value !== 'string')) return 'a header is no string';
  return Buffer.byteLength(text) > longestHeaders ? 'headers are too long' : undefined;
}

/** What API Gateway answers by itself. */
export function gatewayRefuses(response: ServerResponse, type: string, words = type): void {
  const { statusCode = 400, template, headers } = gatewayResponses[type]!;
  response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  response.end(template.replace('$context.error.messageString', JSON.stringify(words)));
}
