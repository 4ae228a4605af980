import { table } from '../../meta/table.ts';
import type { HealthFigures } from '../../observability/healthFigures.ts';
import type { ApiDeps } from '../deps.ts';
import { pageNotFound, text } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';

type Check = () => Promise<void> | void;

/** /healthz, /livez and /readyz, with ?verbose and one check by name. Ready means that every readiness check passes. */
export async function health(
  deps: ApiDeps,
  { segments, query }: ClusterTarget,
  figures: HealthFigures,
): Promise<ApiResponse> {
  const [kind = '', only] = segments;
  const checks = checksOf(deps, kind);
  if (segments.length > 2 || (only !== undefined && !checks[only])) return pageNotFound();
  const chosen = only === undefined ? checks : table({ [only]: checks[only]! });
  const excluded = query.all('exclude');
  const results = await Promise.all(
    Object.entries(chosen)
      .filter(([name]) => !excluded.includes(name))
      .map(([name, check]) => run(deps, name, check)),
  );
  for (const { name, ok } of results) figures.checked(name, kind, ok);
  const failed = results.filter(({ ok }) => !ok);
  if (failed.length) return text(500, `${lines(results)}${kind} check failed\n`);
  return query.get('verbose') === undefined
    ? text(200, 'ok')
    : text(200, `${lines(results)}${kind} check passed\n`);
}

function checksOf({ storage, readiness }: ApiDeps, kind: string): Record<string, Check> {
  const ping: Check = () => {};
  if (kind === 'livez') return table({ ping });
  const stored: Check = async () => {
    await storage.head('default', 'namespaces');
  };
  return table({ ping, storage: stored, ...(kind === 'readyz' && readiness) });
}

interface Result {
  name: string;
  ok: boolean;
}

/** Why a check failed is for the log: anonymous callers may ask. */
async function run({ log }: ApiDeps, name: string, check: Check): Promise<Result> {
  try {
    await check();
    return { name, ok: true };
  } catch (error) {
    log.warn('health check failed', { check: name, error });
    return { name, ok: false };
  }
}

const lines = (results: Result[]) =>
  results.map(({ name, ok }) => (ok ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`)).join('');
