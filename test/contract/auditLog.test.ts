import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type CloudWatchAuditOptions, cloudWatchAuditLog } from '../../src/aws/drivers/audit/index.ts';
import { openSender } from '../../src/aws/drivers/sender.ts';
import { fileAuditLog } from '../../src/local/audit/logs.ts';
import { openRotating } from '../../src/local/audit/rotating.ts';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { fakeAuditLogs, named } from '../support/aws/fakeAuditLogs.ts';
import { auditLogContract } from './auditLog.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-audit-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rotation = { mostBytes: 100 * 2 ** 20 };
let files = 0;

auditLogContract('a file', {
  async open(tally) {
    const path = join(folder, `${files++}.log`);
    return {
      log: fileAuditLog(await openRotating(path, rotation, systemClock), tally),
      read: async () =>
        (await readFile(path, 'utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
    };
  },
  // A disk that is full, as Linux has it for tests.
  ...(existsSync('/dev/full') && {
    failing: async (tally) => fileAuditLog(await openRotating('/dev/full', rotation, systemClock), tally),
  }),
});

const cloudWatch = ({ client }: ReturnType<typeof fakeAuditLogs>, tally: CloudWatchAuditOptions['tally']) =>
  cloudWatchAuditLog({
    logs: client as unknown as CloudWatchAuditOptions['logs'],
    group: '/shallop/dev/audit',
    stream: 'kube-apiserver-audit-1',
    clock: systemClock,
    send: openSender({ clock: systemClock, ids: randomIds, attempts: 2 }),
    tally,
    failed: () => {},
  });

auditLogContract('CloudWatch Logs', {
  async open(tally) {
    const logs = fakeAuditLogs();
    return { log: cloudWatch(logs, tally), read: async () => logs.events() };
  },
  async failing(tally) {
    const logs = fakeAuditLogs();
    logs.fail(named('AccessDeniedException'));
    return cloudWatch(logs, tally);
  },
});
