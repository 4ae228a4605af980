import type { GetLogEventsCommandInput, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';

/** CloudWatch Logs in memory: GetLogEvents with its tokens, which repeat themselves at the ends. */
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
    const [way, place] = (input.nextToken ?? '').split('/');
    const backward = way === 'b' || (!way && !input.startFromHead);
    const end = backward ? (way ? Number(place) : events.length) : 0;
    const from = backward ? Math.max(0, end - size) : Number(place ?? 0);
    const to = backward ? end : Math.min(events.length, from + size);
    return {
      events: events.slice(from, to),
      nextForwardToken: `f/${to}`,
      nextBackwardToken: `b/${from}`,
    } as never;
  }
}
