import { GetLogEventsCommand, type OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../../shared/clock/clock.ts';
import { isReason } from '../../../shared/errors/apiError.ts';
import { byteLimit, logTime, renderLine } from '../../../shared/podspec/logLines.ts';
import type { LogOptions } from '../../../shared/ports/cloud.ts';
import type { Sender } from '../sender.ts';
import type { Logs } from './options.ts';

/** awslogs names a container's stream `<prefix>/<container>/<task>`. */
export const streamPrefix = 'pod';
export const streamOf = (container: string, task: string): string => `${streamPrefix}/${container}/${task}`;

export interface LogReader {
  logs: Logs;
  group: string;
  clock: Clock;
  send: Sender;
}

const mostEvents = 10_000;
const fastMs = 1_000;
const slowMs = 5_000;
const lastMs = 2_000;

/** A stream as a request wants it; follows until `ended()` says so and nothing more has come. */
export async function* readStream(
  reader: LogReader,
  stream: string,
  options: LogOptions,
  ended: () => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  const limit = byteLimit(options.limitBytes);
  const { signal, follow, timestamps } = options;
  const render = (events: OutputLogEvent[]) =>
    limit.take(Buffer.from(events.map((event) => renderLine(lineOf(event), timestamps)).join('')));
  const tail = options.tailLines === undefined ? undefined : await readTail(reader, stream, options);
  if (tail?.events.length) yield render(tail.events);
  let token = tail?.token;
  if (tail && !follow) return;
  let pauseMs = fastMs;
  let over = false;
  while (!limit.done && !signal?.aborted) {
    const page = await getEvents(reader, stream, { ...options, token });
    if (page.events.length) {
      pauseMs = fastMs;
      yield render(page.events);
    }
    // Only the same token again means that this was the end for now: where nothing was written for long, pages are empty.
    const more = page.token !== undefined && page.token !== token;
    token = page.token ?? token;
    if (more) continue;
    if (!follow || over) return;
    // One more round after the end: its last lines may still be on their way.
    over = await ended();
    await reader.clock.sleep(over ? lastMs : pauseMs, signal);
    pauseMs = Math.min(slowMs, pauseMs * 1.5);
  }
}

const lineOf = ({ timestamp = 0, message = '' }: OutputLogEvent) => ({
  time: logTime(timestamp),
  text: message.replace(/\n$/, ''),
});

interface Page {
  events: OutputLogEvent[];
  token?: string;
  back?: string;
}

async function getEvents(
  { logs, group, send }: LogReader,
  stream: string,
  wanted: LogOptions & { token?: string; limit?: number; fromEnd?: boolean },
): Promise<Page> {
  const input = {
    logGroupName: group,
    logStreamName: stream,
    startFromHead: !wanted.fromEnd,
    ...(wanted.sinceMs !== undefined && { startTime: Math.floor(wanted.sinceMs) }),
    ...(wanted.limit && { limit: wanted.limit }),
    ...(wanted.token && { nextToken: wanted.token }),
  };
  try {
    const answer = await send('GetLogEvents', () => logs.send(new GetLogEventsCommand(input)));
    return {
      events: answer.events ?? [],
      ...(answer.nextForwardToken && { token: answer.nextForwardToken }),
      ...(answer.nextBackwardToken && { back: answer.nextBackwardToken }),
    };
  } catch (error) {
    // Made with the first line.
    if (isReason(error, 'NotFound')) return { events: [] };
    throw error;
  }
}

/** The last lines, and where to go on from. */
async function readTail(reader: LogReader, stream: string, options: LogOptions): Promise<Page> {
  const count = options.tailLines ?? 0;
  const events: OutputLogEvent[] = [];
  let token: string | undefined;
  let back: string | undefined;
  do {
    const limit = Math.min(mostEvents, Math.max(1, count - events.length));
    const page = await getEvents(reader, stream, {
      sinceMs: options.sinceMs,
      token: back,
      limit,
      fromEnd: true,
    });
    token ??= page.token;
    events.unshift(...page.events);
    if (page.back === undefined || page.back === back) break;
    back = page.back;
  } while (events.length < count);
  return { events: count ? events.slice(-count) : [], ...(token && { token }) };
}
