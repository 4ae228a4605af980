import type { Reader } from '../../client/client.ts';
import type { Exchange } from '../../client/http.ts';
import { serverWords } from '../../client/serverWords.ts';
import { resourceName } from '../../kinds/kind.ts';
import { selectorText } from '../../kinds/printing/selector.ts';
import type { CrossVersionObjectReference } from '../../kinds/schema/types.ts';
import { isReadable } from '../../meta/quantity.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { milli } from './amounts.ts';
import { type Asks, customVersion } from './metricsVersion.ts';

const usualWindowSeconds = 60;

/**
 * Metrics of custom.metrics.k8s.io and external.metrics.k8s.io: APIs of others behind APIServices, asked as
 * kube-controller-manager asks them and failing in its words.
 */
export function metricsApis(exchange: Exchange, client: Reader): Omit<Metrics, 'resource'> {
  const asks: Asks = async (path) => {
    const headers = { accept: 'application/json', 'user-agent': 'kube-controller-manager' };
    const { status, body } = await exchange({ method: 'GET', path, headers });
    return { status, text: new TextDecoder().decode(body) };
  };

  async function values(path: string, resource: string, name?: string): Promise<Value[]> {
    const { status, text } = await asks(path);
    if (status < 200 || status > 206)
      throw new Error(serverWords(status, text, { resource, ...(name && { name }) }));
    return valuesIn(text);
  }

  async function custom(namespace: string, what: What): Promise<Value[]> {
    const version = await customVersion(asks, client);
    const { resource, name, metric, query } = what;
    const steps = [resource, ...(name ? [name] : []), metric].map(encodeURIComponent).join('/');
    const path = `/apis/custom.metrics.k8s.io/${version}/namespaces/${namespace}/${steps}`;
    return values(path + queryOf(query), `${resource}.custom.metrics.k8s.io`, name ?? metric);
  }

  return {
    async pods({ namespace }, pods, metric, selector) {
      const query = { labelSelector: pods, metricLabelSelector: selectorText(selector) };
      const found = await about('custom', () =>
        custom(namespace, { resource: 'pods', name: '*', metric, query }),
      );
      return new Map(
        found.map(({ describedObject, value, timestamp, windowSeconds }) => [
          describedObject?.name ?? '',
          {
            value: milli(value),
            at: Date.parse(timestamp ?? '') || 0,
            windowMs: (windowSeconds ?? usualWindowSeconds) * 1000,
          },
        ]),
      );
    },
    async object({ namespace }, object, metric, selector) {
      const query = { metricLabelSelector: selectorText(selector) };
      const [found] = await about('custom', async () =>
        exactlyOne(await custom(namespace, { ...(await placeOf(object, client)), metric, query })),
      );
      return milli(found?.value);
    },
    async external({ namespace }, metric, selector) {
      const query = queryOf({ labelSelector: selectorText(selector) });
      const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${encodeURIComponent(metric)}`;
      const found = await about('external', () => values(path + query, `${metric}.external.metrics.k8s.io`));
      return found.map(({ value }) => milli(value));
    },
  };
}

/** Describes which metric of the custom API is wanted; without a name: of the namespace itself. */
interface What {
  resource: string;
  name?: string;
  metric: string;
  query: Record<string, string>;
}

/** A value in any of the lists. */
interface Value {
  describedObject?: { name?: string };
  value?: string | number;
  timestamp?: string;
  windowSeconds?: number | null;
}

/** Selectors that select everything or nothing are left out. */
function queryOf(query: Record<string, string>): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return text && `?${text}`;
}

/** Throws Error when it is no list of values: it was written by others. */
function valuesIn(text: string): Value[] {
  const { items } = (JSON.parse(text) ?? {}) as { items?: unknown };
  const values = (items ?? []) as Value[];
  if (!Array.isArray(values)) throw new Error("the metrics API server didn't return a list of values");
  for (const each of values)
    if (!isReadable(each?.value))
      throw new Error(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
  return values;
}

/** A namespace is asked for by its own path, under its own name whatever the reference says. */
async function placeOf(
  { kind, name, apiVersion = '' }: CrossVersionObjectReference,
  client: Reader,
): Promise<Pick<What, 'resource' | 'name'>> {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  if (kind === 'Namespace' && group === '') return { resource: 'metrics' };
  const served = (await client.resources()).find((each) => each.kind === kind && each.group === group);
  if (served) return { resource: resourceName(served), name };
  const why = `no matches for kind "${kind}" in group "${group}"`;
  throw new Error(`unable to map kind ${group ? `${kind}.${group}` : kind} to resource: ${why}`);
}

function exactlyOne(found: Value[]): Value[] {
  if (found.length === 1) return found;
  throw new Error(
    `the custom metrics API server returned ${found.length} results when we asked for exactly one`,
  );
}

async function about(api: 'custom' | 'external', work: () => Promise<Value[]>): Promise<Value[]> {
  const found = await work().catch((error: Error) => {
    throw new Error(`unable to fetch metrics from ${api} metrics API: ${error.message}`);
  });
  if (found.length === 0) throw new Error(`no metrics returned from ${api} metrics API`);
  return found;
}
