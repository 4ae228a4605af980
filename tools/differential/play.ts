import type { Answer, Ask, Case, Request } from './case.ts';
import { inOrder, masked } from './mask.ts';

/** Asks, removes what was made, and answers what can be compared. */
export async function play(test: Case, ask: Ask): Promise<Answer> {
  const requests = [...(test.before ?? []), test.request];
  for (const request of test.before ?? []) {
    const { status, body } = await ask(request);
    if (status >= 400 && !request.mayFail)
      throw new Error(`${test.name}: ${request.line}: ${JSON.stringify(body)}`);
  }
  const { status, body, warnings } = await ask(test.request);
  for (const path of created(requests)) await remove(ask, path);
  const shown = masked(body, requests);
  return {
    status,
    body: test.isUnordered ? inOrder(shown) : shown,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** Paths of what the requests may have made, the last first. */
function created(requests: Request[]): string[] {
  return requests
    .flatMap(({ line, body }) => {
      const [method, target = ''] = line.split(' ');
      const path = target.split('?')[0]!;
      const name = (body as { metadata?: { name?: unknown } } | undefined)?.metadata?.name;
      // Cases that write their body themselves call it x.
      const made = typeof body === 'string' ? 'x' : name;
      const isPlain = typeof made === 'string' && /^[\w.:-]+$/.test(made);
      if (method === 'PUT' && path.endsWith(`/${name}`)) return [path];
      return method === 'POST' && isPlain && !path.includes('/x/') ? [`${path}/${made}`] : [];
    })
    .reverse();
}

interface Held {
  metadata?: { finalizers?: string[] };
  spec?: { finalizers?: string[] };
}

/** Whatever holds it: finalizers, and those of a namespace. */
async function remove(ask: Ask, path: string): Promise<void> {
  await ask({ line: `DELETE ${path}?gracePeriodSeconds=0&propagationPolicy=Background` });
  const { status, body } = await ask({ line: `GET ${path}` });
  if (status !== 200) return;
  const { metadata, spec } = body as Held;
  if (spec?.finalizers) {
    const name = path.split('/').at(-1);
    await ask({ line: `PUT ${path}/finalize`, body: { metadata: { name }, spec: { finalizers: [] } } });
  }
  if (metadata?.finalizers) await ask({ line: `PATCH ${path}`, body: { metadata: { finalizers: null } } });
}
