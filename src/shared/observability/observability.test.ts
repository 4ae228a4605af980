import { expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import { jsonLogger } from './jsonLogger.ts';
import { prometheusMetrics } from './prometheus.ts';

test('a log line is one JSON object with its own fields and the inherited ones', () => {
  const lines: string[] = [];
  const log = jsonLogger({ clock: new ManualClock(), write: (line) => lines.push(line) }).with({
    part: 'api',
  });
  log.debug('not shown');
  log.error('failed', { error: new Error('why'), path: 'a\nb' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    time: '2026-01-01T00:00:00.000Z',
    level: 'error',
    message: 'failed',
    part: 'api',
    error: { message: 'why' },
    path: 'a\nb',
  });
  expect(lines[0]!.indexOf('\n')).toBe(lines[0]!.length - 1);
});

test('requests are counted by verb, resource and code', async () => {
  const metrics = prometheusMetrics();
  const labels = { verb: 'GET', group: '', version: 'v1', resource: 'pods', subresource: '', code: 200 };
  metrics.request(labels, 0.002);
  metrics.request(labels, 0.02);
  metrics.watching('pods', 1);
  metrics.storage('get', 'pods', 0.0001);
  const { text, contentType } = await metrics.render();
  expect(contentType).toMatch(/^text\/plain; version=0.0.4/);
  expect(text).toMatch(/apiserver_request_total\{verb="GET".*resource="pods".*code="200"\} 2/);
  expect(text).toMatch(/apiserver_longrunning_requests\{resource="pods"\} 1/);
});

test('a histogram has its buckets, each with all that is below, its sum and its count', async () => {
  const metrics = prometheusMetrics();
  for (const seconds of [0.0001, 0.0002, 0.03, 7]) metrics.storage('get', 'pods', seconds);
  metrics.storage('list', 'pods', 0.01);
  const { text } = await metrics.render();
  const of = 'operation="get",resource="pods"';
  const name = 'shallop_storage_duration_seconds';
  const lines = text.split('\n').filter((line) => line.includes(of));
  expect(lines).toHaveLength(15);
  expect(lines).toEqual(
    expect.arrayContaining([
      `${name}_bucket{${of},le="0.0001"} 1`,
      `${name}_bucket{${of},le="0.00025"} 2`,
      `${name}_bucket{${of},le="0.05"} 3`,
      `${name}_bucket{${of},le="1"} 3`,
      `${name}_bucket{${of},le="+Inf"} 4`,
      `${name}_sum{${of}} 7.0303`,
      `${name}_count{${of}} 4`,
    ]),
  );
  expect(text).toContain('shallop_storage_duration_seconds_count{operation="list",resource="pods"} 1');
});
