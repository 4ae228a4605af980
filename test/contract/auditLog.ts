import { describe, expect, test } from '@jest/globals';
import { auditTally } from '../../src/shared/audit/tally.ts';
import { formatMicroTime } from '../../src/shared/clock/clock.ts';
import type { AuditEvent, AuditLog } from '../../src/shared/ports/auditLog.ts';
import { needs } from '../support/needs.ts';

/** A log, and what stands in the place that it writes to. */
export interface AuditHarness {
  log: AuditLog;
  read(): Promise<AuditEvent[]>;
}

export interface AuditHarnesses {
  open(tally: AuditTally): Promise<AuditHarness>;
  /** One whose place takes nothing; absent where none can be had. */
  failing?(tally: AuditTally): Promise<AuditLog>;
}
type AuditTally = ReturnType<typeof auditTally>;

export const auditEvent = (number: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  auditID: `id-${number}`,
  stage: 'ResponseComplete',
  stageTimestamp: formatMicroTime(Date.now()),
  ...more,
});

/** How many events are lost, by what. */
export function lostIn(tally: AuditTally): Record<string, number> {
  const errors = tally.figures.find(({ name }) => name === 'apiserver_audit_error_total')!;
  return Object.fromEntries([...errors.read()].map(([{ plugin }, count]) => [plugin!, count]));
}

/** What every driver of an audit log does. */
export function auditLogContract(name: string, { open, failing }: AuditHarnesses): void {
  describe(`an audit log: ${name}`, () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => auditEvent(i));

    test('what was written is there after a flush, whole and in order', async () => {
      const { log, read } = await open(auditTally());
      const said = auditEvent(0, {
        annotations: { a: 'line\nbreak "é"' },
        requestObject: { data: { x: 'y' } },
      });
      const all = [said, ...many(50)];
      for (const event of all) log.write(event);
      await log.flush();
      expect(await read()).toEqual(all);
      await log.close();
    });

    test('flushes at the same time and of nothing write nothing twice', async () => {
      const { log, read } = await open(auditTally());
      await log.flush();
      log.write(auditEvent(1));
      await Promise.all([log.flush(), log.flush()]);
      log.write(auditEvent(2));
      await log.flush();
      await log.flush();
      expect((await read()).map(({ auditID }) => auditID)).toEqual(['id-1', 'id-2']);
      await log.close();
    });

    test('what nobody flushed is there once it is closed, however much it is', async () => {
      const tally = auditTally();
      const { log, read } = await open(tally);
      const filling = 'x'.repeat(3_000);
      for (const event of many(800)) log.write({ ...event, responseObject: { filling } });
      await log.close();
      expect((await read()).map(({ auditID }) => auditID)).toEqual(many(800).map(({ auditID }) => auditID));
      expect(lostIn(tally)).toEqual({});
    });

    needs(!failing && 'a log that cannot fail').test(
      'what cannot be written is counted, and nobody hears of it otherwise',
      async () => {
        const tally = auditTally();
        const log = await failing!(tally);
        for (const event of many(3)) log.write(event);
        await log.flush();
        log.write(auditEvent(4));
        await log.close();
        expect(Object.values(lostIn(tally))).toEqual([4]);
      },
    );
  });
}
