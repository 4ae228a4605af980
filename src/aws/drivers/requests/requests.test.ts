import type { GetMetricDataCommand, GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openSender } from '../sender.ts';
import { lastRequestAt } from './index.ts';

const now = Date.UTC(2026, 0, 2);
const minuteMs = 60_000;
const group = { targetGroup: 'arn:x:targetgroup/a/1', loadBalancer: 'arn:x:loadbalancer/app/b/2' };
type Page = Omit<GetMetricDataCommandOutput, '$metadata'>;

/** Answers the pages in turn: each names the next. */
function lastOf(...all: Page[]): Promise<number | undefined> {
  const cloudwatch = {
    send: async ({ input: { NextToken = '0' } }: GetMetricDataCommand) => {
      const next = Number(NextToken) + 1;
      return { ...all[Number(NextToken)], ...(next < all.length && { NextToken: String(next) }) };
    },
  } as unknown as Parameters<typeof lastRequestAt>[0];
  const send = openSender({ clock: new ManualClock(), ids: seededIds(1) });
  return lastRequestAt(cloudwatch, send, [group], now);
}
const used = (minutesAgo: number, StatusCode: 'Complete' | 'PartialData' = 'Complete'): Page => ({
  MetricDataResults: [{ StatusCode, Timestamps: [new Date(now - minutesAgo * minuteMs)], Values: [1] }],
});
const failed = (StatusCode: 'InternalError' | 'Forbidden'): Page => ({ MetricDataResults: [{ StatusCode }] });

test('nothing for a day is a silence of a day', async () => {
  expect(await lastOf({ MetricDataResults: [{ StatusCode: 'Complete' }] })).toBe(now - 24 * 60 * minuteMs);
});

test('all pages are read', async () => {
  expect(await lastOf(used(90, 'PartialData'), used(30))).toBe(now - 26 * minuteMs);
});

test.each<[string, Page[]]>([
  ['that failed', [used(30), failed('InternalError')]],
  ['that is forbidden', [failed('Forbidden'), used(30)]],
  ['that stays partial', [used(30, 'PartialData')]],
])('an answer %s says nothing', async (_, all) => {
  expect(await lastOf(...all)).toBeUndefined();
});
