import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readStream } from '../../../src/aws/drivers/pods/logs.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import type { LogOptions } from '../../../src/shared/ports/cloud.ts';
import type { Account } from './account.ts';
import { driverParts } from './driverClients.ts';

export function logTests(account: () => Account): void {
  describe('output of containers in CloudWatch Logs', () => {
    const start = Math.floor(Date.now() / 1000) * 1000 - 60_000;
    const group = { logGroupName: '/pods' };
    const stream = { ...group, logStreamName: 'pod/c/t' };
    let client: CloudWatchLogsClient;
    beforeAll(async () => {
      client = account().open(CloudWatchLogsClient);
      await client.send(new CreateLogGroupCommand(group));
      await client.send(new CreateLogStreamCommand(stream));
      const logEvents = Array.from({ length: 8 }, (_, i) => ({
        timestamp: start + i * 1000,
        message: `line ${i}`,
      }));
      await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
    });

    const read = async (options: LogOptions, name = stream.logStreamName) => {
      const reader = { logs: client, group: '/pods', clock: systemClock, send: openSender(driverParts) };
      let text = '';
      for await (const chunk of readStream(reader, name, options, async () => true))
        text += Buffer.from(chunk).toString();
      return text.split('\n').slice(0, -1);
    };
    const lines = (from: number, to = 8) => Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

    test.each<[string, LogOptions, string[]]>([
      ['all of it', {}, lines(0)],
      ['its last lines', { tailLines: 3 }, lines(5)],
      ['more than there is', { tailLines: 50 }, lines(0)],
      ['since a time', { sinceMs: start + 6000 }, lines(6)],
      ['followed to the end of the container', { follow: true, tailLines: 2 }, lines(6)],
    ])('%s', async (_, options, wanted) => expect(await read(options)).toEqual(wanted));

    test('with times', async () => {
      const [last] = await read({ tailLines: 1, timestamps: true });
      expect(last).toBe(`${new Date(start + 7000).toISOString().replace('.000Z', '.000000000Z')} line 7`);
    });

    test('before its first line there is none', async () =>
      expect(await read({}, 'pod/c/later')).toEqual([]));
  });
}
