import type { IncomingMessage } from 'node:http';
import { Failure } from '../verb.ts';
import { ServerError, type Status } from './failure.ts';

/** A refusal as an error, whatever the server's words for it. */
export function refusal(code: number, body: Buffer): ServerError {
  const text = body.toString().trim();
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === 'Status') return new ServerError({ ...status, code });
  } catch {}
  if (code === 404)
    return new ServerError({
      code,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    });
  return new ServerError({ code, message: text || `the server answered ${code}` });
}

/** Returns why there is no answer, and what to do. */
export function unreachable(error: NodeJS.ErrnoException, server: string): Error {
  const { host } = new URL(server);
  const code = error.code ?? (error as AggregateError).errors?.[0]?.code;
  if (code === 'ECONNREFUSED')
    return new Failure(
      `The connection to the server ${host} was refused - did you specify the right host or port?\nIf it is a control plane of yours, start it with 'shallop up'.`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Failure(`Unable to connect to the server: there is no host ${host}`);
  if (error.name === 'AbortError') return error;
  const hint = /SELF_SIGNED|UNABLE_TO_VERIFY|SIGNATURE/.test(code ?? '')
    ? "\nThe kubeconfig's certificate authority is not that server's: 'shallop kubeconfig --merge' renews it."
    : '';
  return new Failure(`Unable to connect to the server: ${error.message || code}${hint}`);
}

const pattern = /299 \S+ "((?:[^"\\]|\\.)*)"/g;
export const warningsIn = ({ headers }: IncomingMessage): string[] =>
  [...[headers.warning ?? []].flat().join(', ').matchAll(pattern)].map((m) =>
    Buffer.from(m[1]!.replace(/\\(.)/g, '$1'), 'latin1').toString(),
  );
