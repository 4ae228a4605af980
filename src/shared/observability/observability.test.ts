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
