import { meanings } from '../errors/meanings.ts';
import { MalformedJson, parseJsonBody } from '../kinds/schema/json.ts';
import { jsonType } from '../kinds/schema/mismatch.ts';
import { decodeObject } from '../kinds/schema/structural.ts';
import type { WebhookAnswer } from '../ports/webhooks.ts';

/** A review that came back: what of it is known, and what it says it is. */
export interface Review<T> {
  apiVersion: string;
  kind: string;
  response?: T;
}

/** An answer that is no review. The message is in the words of a real server's client. */
export class NoReview extends Error {}

/**
 * Reads an answer as a review of this kind and version; of v1beta1 the same fields are read.
 * @throws NoReview, DecodeError
 */
export function reviewIn<T>(answer: WebhookAnswer, kind: string, wanted: string): Review<T> {
  const text = Buffer.from(answer.body).toString();
  const isText = answer.contentType === '' || /^\s*text\//i.test(answer.contentType);
  if (answer.status < 200 || answer.status > 206)
    throw refusal(answer.status, isText ? text.trim() : 'unknown', text);
  if (text === '')
    throw new NoReview(
      `0-length response with status code: ${answer.status} and content type: ${answer.contentType}`,
    );
  const value = parsed(answer.body, text);
  const { apiVersion = '', kind: said = '' } = (value ?? {}) as Partial<Review<T>>;
  if (said === 'Status' && apiVersion === 'v1') throw new NoReview(messageOf(value) ?? '');
  const [group, version] = wanted.split('/');
  const other = version === 'v1' ? 'v1beta1' : 'v1';
  if (apiVersion === `${group}/${other}` && said === kind)
    throw new NoReview(`converting (${other}.${kind}) to (${version}.${kind}): unknown conversion`);
  if (apiVersion && said && (apiVersion !== wanted || said !== kind))
    throw new NoReview(
      `no kind ${JSON.stringify(said)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  return { ...decodeObject<Review<T>>(value ?? {}, kind), apiVersion, kind: said };
}

const target = `struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;

/** What is no JSON is taken for YAML, in which nearly everything is a string. */
function parsed(body: Uint8Array, text: string): object | null {
  const failed = (why: string) => new NoReview(`couldn't get version/kind; json parse error: ${why}`);
  let value: unknown;
  try {
    value = parseJsonBody(body).value;
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    if (/^\s*[{[]/.test(text)) throw failed(error.message);
    value = text;
  }
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return value;
  throw failed(`json: cannot unmarshal ${jsonType(value)} into Go value of type ${target}`);
}

function messageOf(value: unknown): string | undefined {
  const { message } = value as { message?: unknown };
  return typeof message === 'string' ? message : undefined;
}

const mostShown = 2048;

/** A Status says why itself; of everything else the code counts. */
function refusal(code: number, said: string, text: string): NoReview {
  const own = statusMessage(text);
  if (own !== undefined) return new NoReview(own);
  const shown = said.slice(0, mostShown);
  if (code === 403 || code === 415) return new NoReview(shown);
  if (code === 406)
    return new NoReview(
      shown === '' || shown === 'unknown'
        ? 'the server was unable to respond with a content type that the client supports'
        : shown,
    );
  const known = meanings.get(code);
  if (known) return new NoReview(known);
  return new NoReview(
    code >= 500
      ? `an error on the server (${JSON.stringify(shown)}) has prevented the request from succeeding`
      : `the server responded with the status code ${code} but did not return more information`,
  );
}

function statusMessage(text: string): string | undefined {
  try {
    const value = parseJsonBody(Buffer.from(text)).value as { kind?: unknown; apiVersion?: unknown } | null;
    return value?.kind === 'Status' && value.apiVersion === 'v1' ? (messageOf(value) ?? '') : undefined;
  } catch {
    return undefined;
  }
}
