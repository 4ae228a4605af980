import { readFile } from 'node:fs/promises';
import type { AuditTrail } from '../../shared/api/auditTrail.ts';
import { parsePolicy } from '../../shared/audit/parse.ts';
import { auditTally } from '../../shared/audit/tally.ts';
import { createAuditTrail } from '../../shared/audit/trail.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Gathered } from '../../shared/observability/metrics.ts';
import { fileAuditLog, spokenAuditLog } from './logs.ts';
import { openRotating, type Rotation } from './rotating.ts';

/** Is what keeps account, with its own figures. */
export interface Audit {
  trail: AuditTrail;
  figures: readonly Gathered[];
  close(): Promise<void>;
}

/** Describes where the rules stand and where events go. */
export interface AuditConfig {
  policyFile: string;
  /** Appended to; `-` is the output of this process. */
  logPath: string;
  rotation: Rotation;
}

/** Keeps account of requests in a file. Rejects when the policy cannot be read, or the log not be written. */
export async function openAudit(
  { policyFile, logPath, rotation }: AuditConfig,
  { clock, say }: { clock: Clock; say(line: string): void },
): Promise<Audit> {
  const text = await readFile(policyFile, 'utf8').catch((error: Error) => {
    throw new Error(`--audit-policy-file: ${error.message}`);
  });
  const policy = parsePolicy(text, `--audit-policy-file: ${policyFile}`);
  const tally = auditTally();
  const log = logPath === '-' ? spokenAuditLog(say) : fileAuditLog(await opened(), tally);
  return {
    trail: createAuditTrail({ policy, clock, log, tally }),
    figures: tally.figures,
    close: log.close,
  };

  function opened() {
    return openRotating(logPath, rotation, clock).catch((error: Error) => {
      throw new Error(`--audit-log-path: ${error.message}`);
    });
  }
}
