import { table } from '../../meta/table.ts';
import type { HealthFigures } from '../../observability/healthFigures.ts';
import type { ApiDeps } from '../deps.ts';
import { pageNotFound, text } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';

type Check = () => Promise<void> | void;

/**
 * /healthz, /livez and /readyz, with ?verbose and one check by name. Ready means that every readiness check passes. Storage has
 * the name that clients know it by, `etcd`.
 */
export async function health(
  deps: ApiDeps,
  { segments, query }: ClusterTarget,
  figures: HealthFigures,
): Promise<ApiResponse> {
  const [kind = '', ...rest] = segments;
  // The names of steps have slashes in them.
  const only = rest.length ? rest.join('/') : undefined;
  const checks = checksOf(deps, kind);
  if (only !== undefined && !checks[only]) return pageNotFound();
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

function checksOf({ storage, readiness, steps }: ApiDeps, kind: string): Record<string, Check> {
  const ping: Check = () => {};
  const etcd: Check = async () => {
    await storage.head('default', 'namespaces');
  };
  return table({ ping, etcd, ...(kind === 'readyz' && readiness), ...steps });
}

interface Result {
  name: string;
  ok: boolean;
}

/** Why a check failed is for the log: anonymous callers may ask. */
async function run({ log, steps }: ApiDeps, name: string, check: Check): Promise<Result> {
  try {
    await check();
    return { name, ok: true };
  } catch (error) {
    // A start that has not come so far yet is nothing to warn of.
    log[steps && Object.hasOwn(steps, name) ? 'info' : 'warn']('health check failed', { check: name, error });
    return { name, ok: false };
  }
}

const lines = (results: Result[]) =>
  results.map(({ name, ok }) => (ok ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`)).join('');
