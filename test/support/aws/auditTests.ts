import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { cloudWatchAuditLog } from '../../../src/aws/drivers/audit/index.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { randomIds } from '../../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import type { AuditEvent } from '../../../src/shared/ports/auditLog.ts';
import { type AuditHarnesses, auditLogContract } from '../../contract/auditLog.ts';
import type { Account } from './account.ts';

/** The audit log before a CloudWatch Logs that speaks HTTP. */
export function auditTests(account: () => Account): void {
  const send = openSender({ clock: systemClock, ids: randomIds, attempts: 2 });
  const over = (tally: Parameters<AuditHarnesses['open']>[0], group: string) => {
    const logs = account().open(CloudWatchLogsClient);
    const stream = `kube-apiserver-audit-${randomUUID()}`;
    const place = { logGroupName: group, logStreamName: stream };
    const options = { logs, group, stream, clock: systemClock, send, tally, failed: () => {} };
    return { logs, place, log: cloudWatchAuditLog(options) };
  };
  auditLogContract('CloudWatch Logs over HTTP', {
    async open(tally) {
      const group = `/shallop/${randomUUID()}/audit`;
      const { logs, place, log } = over(tally, group);
      await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
      const read = async () => {
        const events: AuditEvent[] = [];
        for (let token: string | undefined, before = ''; token !== before; ) {
          before = token ?? '';
          const page = await logs.send(
            new GetLogEventsCommand({ ...place, startFromHead: true, ...(token && { nextToken: token }) }),
          );
          events.push(...(page.events ?? []).map(({ message = '' }) => JSON.parse(message)));
          token = page.nextForwardToken ?? before;
        }
        return events;
      };
      return { log, read };
    },
    // No group of the name.
    failing: async (tally) => over(tally, `/shallop/${randomUUID()}/none`).log,
  });
}
