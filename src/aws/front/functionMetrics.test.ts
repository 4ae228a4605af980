import { expect, test } from '@jest/globals';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { expositionType } from '../../shared/observability/exposition.ts';
import { formatFigures } from './formatFigures.ts';
import { functionMetrics } from './functionMetrics.ts';

const labels = { verb: 'GET', group: '', version: 'v1', resource: 'pods', subresource: '', code: 200 };

test('D15: one instance of the function tells its requests, their times and its watches, as Prometheus reads them', async () => {
  const metrics = functionMetrics(new ManualClock());
  metrics.request(labels, 0.25);
  metrics.request(labels, 0.5);
  metrics.request({ ...labels, verb: 'WATCH' }, 290);
  metrics.watching('pods', 1);
  metrics.watching('pods', 1);
  metrics.watching('pods', -1);
  const { contentType, text } = await metrics.render();
  expect(contentType).toBe(expositionType);
  const series = text.split('\n').filter((line) => line && !line.startsWith('#'));
  const of = 'group="",version="v1",resource="pods",subresource=""';
  expect(series).toEqual([
    'apiserver_longrunning_requests{resource="pods"} 1',
    `apiserver_request_duration_seconds_sum{verb="GET",${of}} 0.75`,
    `apiserver_request_duration_seconds_count{verb="GET",${of}} 2`,
    `apiserver_request_total{verb="GET",${of},code="200"} 2`,
    `apiserver_request_total{verb="WATCH",${of},code="200"} 1`,
    'process_start_time_seconds 1767225600',
  ]);
  for (const line of series)
    expect(text).toContain(`# TYPE ${/^[a-z_]+?(?=_sum|_count|[{ ])/.exec(line)![0]} `);
});

test('D15: labels with quotes and line breaks stay one line each', async () => {
  const metrics = functionMetrics(new ManualClock());
  metrics.request({ ...labels, resource: 'a"b\\c\nd' }, 0);
  const { text } = await metrics.render();
  expect(text).toContain('resource="a\\"b\\\\c\\nd"');
});

test('the format of the table is told once it is known', async () => {
  const metrics = functionMetrics(new ManualClock());
  let format = 0;
  metrics.gather(formatFigures(() => format));
  expect((await metrics.render()).text).not.toMatch(/^shallop_table_format/m);
  format = 3;
  expect((await metrics.render()).text).toMatch(/^shallop_table_format 3$/m);
});
