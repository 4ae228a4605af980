import { describe, expect, test } from '@jest/globals';
import type { Reader } from '../../client/client.ts';
import type { APIService, LabelSelector } from '../../kinds/schema/types.ts';
import { metricsApis } from './metricsApis.ts';

const place = { cluster: 'default', namespace: 'ns' };
const selector: LabelSelector = {
  matchLabels: { verb: 'GET' },
  matchExpressions: [{ key: 'code', operator: 'In', values: ['500', '200'] }],
};
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const value = (amount: string, more: object = {}) => ({
  value: amount,
  timestamp: '2026-11-30T08:00:00Z',
  ...more,
});

/** An API that serves these versions of custom metrics and answers everything else with this. */
function api(answer: unknown, versions: string[] = ['v1beta2', 'v1beta1'], code = 200) {
  const asked: string[] = [];
  const text = (body: unknown) => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const inDiscovery = versions.map((version) => ({ version }));
  const registered: Record<string, APIService> = {};
  const client = {
    resources: async () => [{ group: 'apps', kind: 'Deployment', plural: 'deployments' }],
    get: async (_: unknown, __: string, name: string) => registered[name],
  } as unknown as Reader;
  const metrics = metricsApis(async ({ path }) => {
    if (path === '/apis/custom.metrics.k8s.io')
      return versions.length > 0
        ? { status: 200, body: text({ versions: inDiscovery, preferredVersion: inDiscovery[0] }) }
        : { status: 404, body: text('404 page not found') };
    asked.push(path);
    return { status: code, body: text(answer) };
  }, client);
  return { metrics, asked, registered };
}

describe('what is asked for', () => {
  const custom = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/ns';
  const labels = 'code+in+%28200%2C500%29%2Cverb%3DGET';

  test('a metric of Pods, by their labels and its own; what it says of each', async () => {
    const { metrics, asked } = api({
      items: [
        value('1500m', { describedObject: { kind: 'Pod', name: 'a' }, windowSeconds: 30 }),
        value('2', { describedObject: { kind: 'Pod', name: 'b' } }),
      ],
    });
    const found = await metrics.pods(place, 'app=web', 'qps', selector);
    expect(asked).toEqual([`${custom}/pods/*/qps?labelSelector=app%3Dweb&metricLabelSelector=${labels}`]);
    const at = Date.parse('2026-11-30T08:00:00Z');
    expect(Object.fromEntries(found)).toEqual({
      a: { value: 1500, at, windowMs: 30_000 },
      b: { value: 2000, at, windowMs: 60_000 },
    });
  });

  test.each([
    { object: deployment, path: `${custom}/deployments.apps/web/qps` },
    { object: { apiVersion: 'v1', kind: 'Namespace', name: 'other' }, path: `${custom}/metrics/qps` },
  ])('a metric of a $object.kind', async ({ object, path }) => {
    const { metrics, asked } = api({ items: [value('3k')] });
    expect(await metrics.object(place, object, 'qps')).toBe(3_000_000);
    expect(asked).toEqual([path]);
  });

  test('a metric from outside, each of its series', async () => {
    const { metrics, asked } = api({ items: [value('10'), value('20'), value('0')] });
    expect(await metrics.external(place, 's0-cron', selector)).toEqual([10_000, 20_000, 0]);
    expect(asked).toEqual([
      `/apis/external.metrics.k8s.io/v1beta1/namespaces/ns/s0-cron?labelSelector=${labels}`,
    ]);
  });

  test.each([
    { versions: ['v1beta1', 'v1beta2'], wanted: 'v1beta1' },
    { versions: ['v2', 'v1beta1'], wanted: 'v1beta1' },
    { versions: ['v1beta2'], wanted: 'v1beta2' },
  ])('of the versions $versions $wanted', async ({ versions, wanted }) => {
    const { metrics, asked } = api({ items: [value('1')] }, versions);
    await metrics.object(place, deployment, 'qps');
    expect(asked).toEqual([`/apis/custom.metrics.k8s.io/${wanted}/namespaces/ns/deployments.apps/web/qps`]);
  });

  test('of versions that are only registered, where discovery tells of none of them, the newest', async () => {
    const { metrics, asked, registered } = api({ items: [value('1')] }, []);
    registered['v1beta1.custom.metrics.k8s.io'] = {
      metadata: {},
      spec: { service: { name: 's' }, groupPriorityMinimum: 1, versionPriority: 1 },
    };
    await metrics.object(place, deployment, 'qps');
    expect(asked[0]).toContain('/v1beta1/');
  });
});

describe('what is said when there is none', () => {
  const custom = 'unable to fetch metrics from custom metrics API: ';
  const external = 'unable to fetch metrics from external metrics API: ';
  const busy = 'the server is currently unable to handle the request';
  const status = { kind: 'Status', status: 'Failure', message: 'the server could not find the metric qps' };
  const wrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  test.each<{
    of: 'pods' | 'object' | 'external';
    answer?: unknown;
    code?: number;
    versions?: string[];
    says: string;
  }>([
    { of: 'pods', answer: { items: [] }, says: 'no metrics returned from custom metrics API' },
    { of: 'external', answer: { items: null }, says: 'no metrics returned from external metrics API' },
    {
      of: 'object',
      answer: { items: [] },
      says: `${custom}the custom metrics API server returned 0 results when we asked for exactly one`,
    },
    { of: 'pods', versions: [], says: `${custom}no custom metrics API (custom.metrics.k8s.io) registered` },
    { of: 'pods', versions: ['v2'], says: `${custom}no known available metric versions found` },
    { of: 'pods', answer: status, code: 404, says: `${custom}${status.message}` },
    {
      of: 'pods',
      answer: 'service unavailable',
      code: 503,
      says: `${custom}${busy} (get pods.custom.metrics.k8s.io *)`,
    },
    {
      of: 'object',
      answer: 'x',
      code: 503,
      says: `${custom}${busy} (get deployments.apps.custom.metrics.k8s.io web)`,
    },
    {
      of: 'external',
      answer: '404 page not found',
      code: 404,
      says: `${external}the server could not find the requested resource (get qps.external.metrics.k8s.io)`,
    },
    {
      of: 'external',
      answer: 'broken',
      code: 500,
      says: `${external}an error on the server ("broken") has prevented the request from succeeding (get qps.external.metrics.k8s.io)`,
    },
    { of: 'external', answer: { items: [{ value: 'much' }] }, says: `${external}${wrong}` },
    { of: 'external', answer: { items: [{ value: '1e999999999' }] }, says: `${external}${wrong}` },
    { of: 'external', answer: { items: [null] }, says: `${external}${wrong}` },
    {
      of: 'pods',
      answer: { items: 'x' },
      says: `${custom}the metrics API server didn't return a list of values`,
    },
  ])('$of: $says', async ({ of, answer = { items: [] }, code, versions, says }) => {
    const { metrics } = api(answer, versions, code);
    const asked = {
      pods: () => metrics.pods(place, 'app=web', 'qps'),
      object: () => metrics.object(place, deployment, 'qps'),
      external: () => metrics.external(place, 'qps'),
    }[of];
    await expect(asked()).rejects.toThrow(new Error(says));
  });

  test('an object of a kind that is not served', async () => {
    const { metrics } = api({});
    const object = { apiVersion: 'far.example/v1', kind: 'Ship', name: 's' };
    await expect(metrics.object(place, object, 'qps')).rejects.toThrow(
      `${custom}unable to map kind Ship.far.example to resource: no matches for kind "Ship" in group "far.example"`,
    );
  });
});
