import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditTrail } from '../../shared/api/auditTrail.ts';
import { parsePolicy } from '../../shared/audit/parse.ts';
import { auditTally } from '../../shared/audit/tally.ts';
import { createAuditTrail } from '../../shared/audit/trail.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Metrics } from '../../shared/observability/metrics.ts';
import type { Env } from '../config.ts';
import { openSender } from '../drivers/sender.ts';
import { auditPolicyFile, environment } from '../names.ts';

interface Parts {
  clock: Clock;
  ids: Ids;
  log: Logger;
  metrics: Metrics;
}

/** A client waits for the log, so that few tries have to do. */
const attempts = 3;

/**
 * Keeps account of requests in CloudWatch where the deployment has a policy. Rejects when it cannot be read. Where there is
 * none, no start loads the driver.
 */
export async function openAudit(
  env: Env,
  { clock, ids, log, metrics }: Parts,
): Promise<{ trail: AuditTrail; flush(): Promise<void> } | undefined> {
  const group = env[environment.auditLogGroup];
  if (!group) return undefined;
  const file = join(env.LAMBDA_TASK_ROOT ?? '.', auditPolicyFile);
  const policy = parsePolicy(readFileSync(file, 'utf8'), file);
  const [{ auditClient }, { auditStream, cloudWatchAuditLog }] = await Promise.all([
    import('../drivers/audit/client.ts'),
    import('../drivers/audit/index.ts'),
  ]);
  const tally = auditTally();
  metrics.gather(tally.figures);
  const kept = cloudWatchAuditLog({
    logs: auditClient(),
    group,
    stream: auditStream(ids.uid()),
    clock,
    send: openSender({ clock, ids, attempts }),
    tally,
    failed: (error, events) => log.error('events of the audit log are lost', { events, error }),
  });
  return { trail: createAuditTrail({ policy, clock, log: kept, tally }), flush: kept.flush };
}
