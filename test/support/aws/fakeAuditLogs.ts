import type { AuditEvent } from '../../../src/shared/ports/auditLog.ts';

interface Put {
  logGroupName: string;
  logStreamName: string;
  logEvents: { timestamp: number; message: string }[];
}

/** CloudWatch Logs as its reference describes PutLogEvents: with its limits, and without the events that are too old. */
export function fakeAuditLogs({ now = () => Date.now() }: { now?: () => number } = {}) {
  const streams = new Map<string, Put['logEvents']>();
  const calls: string[] = [];
  let failure: Error | undefined;
  const put = ({ logGroupName, logStreamName, logEvents }: Put) => {
    const stream = streams.get(`${logGroupName} ${logStreamName}`);
    if (!stream) throw named('ResourceNotFoundException');
    const bytes = logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
    const times = logEvents.map(({ timestamp }) => timestamp);
    const isOrdered = times.every((time, i) => i === 0 || time >= times[i - 1]!);
    const isBig = logEvents.some(({ message }) => Buffer.byteLength(message) + 26 > 262_144);
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    if (
      !times.length ||
      times.length > 10_000 ||
      bytes > 1_048_576 ||
      isBig ||
      !isOrdered ||
      span > 86_400_000
    )
      throw named('InvalidParameterException');
    const isOld = (time: number) => time < now() - 14 * 86_400_000;
    const old = times.filter(isOld).length;
    stream.push(...logEvents.slice(old));
    return old ? { rejectedLogEventsInfo: { tooOldLogEventEndIndex: old } } : {};
  };
  const answer = async (call: string, input: unknown) => {
    calls.push(call);
    await new Promise(setImmediate);
    if (failure) throw failure;
    if (call === 'PutLogEvents') return put(input as Put);
    const { logGroupName, logStreamName } = input as Put;
    const key = `${logGroupName} ${logStreamName}`;
    if (streams.has(key)) throw named('ResourceAlreadyExistsException');
    streams.set(key, []);
    return {};
  };
  return {
    answer,
    calls,
    streams,
    /** Has every call fail from now on; undefined: none. */
    fail: (error: Error | undefined) => {
      failure = error;
    },
    events: (): AuditEvent[] => [...streams.values()].flat().map(({ message }) => JSON.parse(message)),
    client: {
      send: (command: { constructor: { name: string }; input: unknown }) =>
        answer(command.constructor.name.replace(/Command$/, ''), command.input),
    },
  };
}

export const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error(name), { name, ...more });
