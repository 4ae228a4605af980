import type { FuzzAnswer, FuzzRequest } from './request.ts';

export interface Judgement {
  /** What nobody may answer: nothing, a failure of the server's own, an error that is no Status. */
  wrong: string[];
  /** Another status than a real server's. */
  differing: string[];
}

/** Holds answers against the statuses that a real server gave to the same requests. */
export function judge(
  requests: readonly FuzzRequest[],
  answers: readonly FuzzAnswer[],
  expected: readonly number[],
): Judgement {
  const judgement: Judgement = { wrong: [], differing: [] };
  for (const [i, request] of requests.entries()) {
    const { status, isStatus } = answers[i]!;
    const real = expected[i]!;
    const text = `#${i} ${shown(request)}: ${status}, a real server ${real}`;
    if (status === 0 && real !== 0) judgement.wrong.push(`${text}: no answer`);
    else if (status >= 500 && real < 500) judgement.wrong.push(text);
    else if (isUntold(request, status, isStatus)) judgement.wrong.push(`${text}: the error is no Status`);
    if (status !== real) judgement.differing.push(text);
  }
  return judgement;
}

/** Pages of the server itself, and answers without a body, have no Status on a real server either. */
const isUntold = ({ method, path }: FuzzRequest, status: number, isStatus: boolean) =>
  status >= 400 && status !== 404 && !isStatus && method !== 'HEAD' && /\/namespaces\/default\//.test(path);

const shown = ({ method, path, headers, body }: FuzzRequest) =>
  `${method} ${path} ${JSON.stringify(headers)} ${JSON.stringify((body ?? '').toString().slice(0, 200))}`;
