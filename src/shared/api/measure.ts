import type { ApiDeps } from './deps.ts';
import type { ApiResponse } from './http/message.ts';
import type { ResourceRoute } from './route.ts';

/** What is known of a request for its metrics. */
export interface Seen {
  verb: string;
  route?: ResourceRoute;
  /** Milliseconds since the epoch. */
  start: number;
}

/** The answer, counted: at once, or for a watch when its stream ends. */
export function measured(
  { metrics, clock }: ApiDeps,
  { verb, route, start }: Seen,
  answer: ApiResponse,
): ApiResponse {
  const labels = {
    verb: (route?.verb ?? verb).toUpperCase(),
    group: route?.group ?? '',
    version: route?.version ?? '',
    // What clients make up must not become a label: it would grow without bound.
    resource: answer.status === 404 ? '' : (route?.plural ?? ''),
    subresource: answer.status === 404 ? '' : (route?.subresource ?? ''),
    code: answer.status,
  };
  const count = () => metrics.request(labels, (clock.now() - start) / 1000);
  const { body } = answer;
  if (labels.verb !== 'WATCH' || body instanceof Uint8Array) {
    count();
    return answer;
  }
  return { ...answer, body: counted(body, count) };
}

async function* counted(body: AsyncIterable<Uint8Array>, done: () => void) {
  try {
    yield* body;
  } finally {
    done();
  }
}
