import type { GetLogEventsCommandInput, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';

/**
 * CloudWatch Logs in memory: GetLogEvents with its tokens, which repeat themselves at the ends, and only there. It splits
 * pages by time as well, so that some are empty though others follow: here one before each that is not.
 */
export class FakeEcsLogs {
  readonly calls: GetLogEventsCommandInput[] = [];
  #streams = new Map<string, OutputLogEvent[]>();
  #pageSize: number;

  constructor(pageSize = 10_000) {
    this.#pageSize = pageSize;
  }

  print(stream: string, timestamp: number, message: string): void {
    const events = this.#streams.get(stream) ?? [];
    events.push({ timestamp, message, ingestionTime: timestamp });
    this.#streams.set(stream, events);
  }

  /** What a CloudWatchLogsClient answers. */
  async send(command: { input: unknown }): Promise<never> {
    const input = command.input as GetLogEventsCommandInput;
    this.calls.push(input);
    const stream = this.#streams.get(input.logStreamName ?? '');
    if (!stream)
      throw Object.assign(new Error('The specified log stream does not exist.'), {
        name: 'ResourceNotFoundException',
        $fault: 'client',
      });
    const events = stream.filter(({ timestamp = 0 }) => timestamp >= (input.startTime ?? 0));
    const size = Math.min(input.limit ?? this.#pageSize, this.#pageSize);
    const [way = input.startFromHead ? 'f' : 'b', place, passed] = input.nextToken?.split('/') ?? [];
    const at = Number(place ?? (way === 'f' ? 0 : events.length));
    const isEnd = at === (way === 'f' ? events.length : 0);
    if (!isEnd && !passed)
      return { events: [], nextForwardToken: `f/${at}/-`, nextBackwardToken: `b/${at}/-` } as never;
    const from = way === 'f' ? at : Math.max(0, at - size);
    const to = way === 'f' ? Math.min(events.length, at + size) : at;
    return {
      events: events.slice(from, to),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    } as never;
  }
}
