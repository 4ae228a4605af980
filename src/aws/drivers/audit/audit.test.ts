import { describe, expect, test } from '@jest/globals';
import { auditEvent, lostIn } from '../../../../test/contract/auditLog.ts';
import { fakeAuditLogs, named } from '../../../../test/support/aws/fakeAuditLogs.ts';
import { auditTally } from '../../../shared/audit/tally.ts';
import { formatMicroTime } from '../../../shared/clock/clock.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openSender } from '../sender.ts';
import { batchesOf, mostEventBytes } from './batches.ts';
import { auditStream, type CloudWatchAuditOptions, cloudWatchAuditLog } from './index.ts';
import { truncated } from './truncate.ts';

const day = 86_400_000;

function opened() {
  const clock = new ManualClock();
  const logs = fakeAuditLogs({ now: () => clock.now() });
  const tally = auditTally();
  const log = cloudWatchAuditLog({
    logs: logs.client as unknown as CloudWatchAuditOptions['logs'],
    group: '/shallop/dev/audit',
    stream: auditStream('0d1c-2b'),
    clock,
    send: openSender({ clock, ids: seededIds(1), attempts: 1 }),
    tally,
    failed: () => {},
  });
  const write = (number: number, more: object = {}) =>
    log.write(auditEvent(number, { stageTimestamp: formatMicroTime(clock.now()), ...more }));
  return { clock, logs, tally, log, write };
}

describe('events in CloudWatch Logs', () => {
  test('the stream is named as on EKS and made once; events of a short request go out together', async () => {
    const { log, logs, write } = opened();
    write(1);
    write(2);
    await log.flush();
    write(3);
    await log.flush();
    expect([...logs.streams.keys()]).toEqual(['/shallop/dev/audit kube-apiserver-audit-0d1c2b']);
    expect(logs.calls).toEqual(['CreateLogStream', 'PutLogEvents', 'PutLogEvents']);
  });

  test('while a watch goes on, events are written within a second', async () => {
    const { clock, logs, log, write } = opened();
    write(1, { stage: 'ResponseStarted' });
    expect(logs.calls).toEqual([]);
    await clock.advance(1_000);
    await log.flush();
    expect(logs.events()).toHaveLength(1);
  });

  test('an event that is too large loses what was sent and answered, and says so; a larger one is counted', async () => {
    const { log, logs, tally, write } = opened();
    write(1, { responseObject: { data: 'x'.repeat(300_000) }, annotations: { a: 'b' } });
    write(2, { requestURI: `/${'x'.repeat(300_000)}` });
    await log.flush();
    expect(logs.events()).toEqual([
      expect.objectContaining({ auditID: 'id-1', annotations: { a: 'b', 'audit.k8s.io/truncated': 'true' } }),
    ]);
    expect(logs.events()[0]).not.toHaveProperty('responseObject');
    expect(lostIn(tally)).toEqual({ truncate: 1 });
  });

  test('a failure loses what was under way and nothing that comes later', async () => {
    const { log, logs, tally, write } = opened();
    logs.fail(named('ThrottlingException', { $fault: 'client' }));
    write(1);
    await log.flush();
    logs.fail(undefined);
    write(2);
    await log.flush();
    expect(logs.events().map(({ auditID }) => auditID)).toEqual(['id-2']);
    expect(lostIn(tally)).toEqual({ cloudwatch: 1 });
  });

  test('a stream that somebody removed is made anew', async () => {
    const { log, logs, tally, write } = opened();
    write(1);
    await log.flush();
    logs.streams.clear();
    write(2);
    await log.flush();
    expect(logs.events().map(({ auditID }) => auditID)).toEqual(['id-2']);
    expect(lostIn(tally)).toEqual({});
  });

  test('what CloudWatch refuses for its age is counted', async () => {
    const { clock, log, logs, tally, write } = opened();
    await clock.advance(20 * day);
    write(1, { stageTimestamp: formatMicroTime(clock.now() - 15 * day) });
    write(2);
    await log.flush();
    expect(logs.events().map(({ auditID }) => auditID)).toEqual(['id-2']);
    expect(lostIn(tally)).toEqual({ cloudwatch: 1 });
  });
});

describe('requests of PutLogEvents', () => {
  const line = (timestamp: number, length = 10) => ({ timestamp, message: 'x'.repeat(length) });
  test.each([
    ['nothing', [], []],
    ['few', [line(1), line(2)], [2]],
    ['more than 10,000 events', Array.from({ length: 10_001 }, (_, i) => line(i)), [10_000, 1]],
    ['more than a megabyte', Array.from({ length: 5 }, () => line(1, mostEventBytes)), [4, 1]],
    ['more than a day', [line(0), line(day - 1), line(day)], [2, 1]],
  ])('%s', (_what, lines, counts) => {
    expect(batchesOf(lines).map(({ length }) => length)).toEqual(counts);
  });

  test('events stand in the order of their times, those of one time in the order in which they came', () => {
    const lines = [3, 1, 2, 1].map((timestamp, i) => ({ timestamp, message: String(i) }));
    expect(batchesOf(lines)[0]!.map(({ message }) => message)).toEqual(['1', '3', '2', '0']);
  });
});

test.each([
  ['fits to the byte', 0, true],
  ['is one byte too long', -1, false],
])('an event that %s', (_what, less, isWhole) => {
  const event = auditEvent(1, { requestObject: { name: 'é' } });
  const length = Buffer.byteLength(JSON.stringify(event));
  expect(JSON.parse(truncated(event, length + less) ?? '{}')).toEqual(isWhole ? event : {});
});
