import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AuditTally } from '../../../shared/audit/tally.ts';
import type { Clock } from '../../../shared/clock/clock.ts';
import { isReason } from '../../../shared/errors/apiError.ts';
import type { AuditLog } from '../../../shared/ports/auditLog.ts';
import type { Sender } from '../sender.ts';
import { batchesOf, type LogLine, mostEventBytes } from './batches.ts';
import { truncated } from './truncate.ts';

export interface CloudWatchAuditOptions {
  logs: Pick<CloudWatchLogsClient, 'send'>;
  group: string;
  /** Of this process alone: it makes the stream. */
  stream: string;
  clock: Clock;
  send: Sender;
  tally: Pick<AuditTally, 'lost'>;
  /** Told of what is lost, beside the tally. */
  failed(why: unknown, events: number): void;
}

const plugin = 'cloudwatch';
/** So long an event may wait for others. A short request has all its events written in one go, at its end. */
const lingerMs = 1_000;
/** So much is not kept waiting. */
const muchBytes = 512 * 1024;

/** As EKS names the streams of its audit log. */
export const auditStream = (uid: string): string => `kube-apiserver-audit-${uid.replaceAll('-', '')}`;

/** Keeps events in a stream of a log group. What CloudWatch Logs does not take is lost, and counted. */
export function cloudWatchAuditLog(options: CloudWatchAuditOptions): AuditLog {
  const { clock, tally, failed } = options;
  let waiting: LogLine[] = [];
  let bytes = 0;
  let isDue = false;
  let writing = Promise.resolve();
  const put = putter(options);
  const flush = () => {
    const lines = waiting;
    waiting = [];
    bytes = 0;
    if (lines.length)
      writing = writing.then(async () => {
        for (const batch of batchesOf(lines)) await put(batch);
      });
    return writing;
  };
  const flushSoon = async () => {
    isDue = true;
    await clock.sleep(lingerMs);
    isDue = false;
    await flush();
  };
  return {
    write(event) {
      const message = truncated(event, mostEventBytes);
      if (message === undefined) {
        tally.lost('truncate', 1);
        failed(new Error('an event is too large even after truncating'), 1);
        return;
      }
      waiting.push({ timestamp: Date.parse(event.stageTimestamp), message });
      bytes += message.length;
      if (bytes > muchBytes) void flush();
      else if (!isDue) void flushSoon();
    },
    flush,
    close: flush,
  };
}

/** Writes one batch at a time; makes the stream before the first. Never rejects. */
function putter({ logs, group, stream, send, tally, failed }: CloudWatchAuditOptions) {
  const place = { logGroupName: group, logStreamName: stream };
  let isThere = false;
  const makeStream = () =>
    send('CreateLogStream', () => logs.send(new CreateLogStreamCommand(place))).catch((error: unknown) => {
      // A try whose answer was lost made it.
      if (!isReason(error, 'AlreadyExists')) throw error;
    });
  const lost = (why: unknown, events: number) => {
    tally.lost(plugin, events);
    failed(why, events);
  };
  const put = async (logEvents: LogLine[]) => {
    if (!isThere) await makeStream();
    isThere = true;
    return send('PutLogEvents', () => logs.send(new PutLogEventsCommand({ ...place, logEvents })));
  };
  return async (batch: LogLine[]): Promise<void> => {
    try {
      const { rejectedLogEventsInfo } = await put(batch).catch((error: unknown) => {
        // Somebody has removed the stream.
        if (!isThere || !isReason(error, 'NotFound')) throw error;
        isThere = false;
        return put(batch);
      });
      const refused = refusedOf(rejectedLogEventsInfo, batch.length);
      if (refused) lost(new Error('CloudWatch Logs refused events for their age'), refused);
    } catch (error) {
      lost(error, batch.length);
    }
  };
}

/** Returns how many of a batch were too old or too new. */
function refusedOf(info: RejectedLogEventsInfo | undefined, all: number): number {
  const {
    tooOldLogEventEndIndex = 0,
    expiredLogEventEndIndex = 0,
    tooNewLogEventStartIndex = all,
  } = info ?? {};
  return Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex) + (all - tooNewLogEventStartIndex);
}
