import { readFile } from 'node:fs/promises';
import type { AuditTrail } from '../../shared/api/auditTrail.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { parsePolicy } from './parse.ts';
import { openRotating, type Rotation } from './rotating.ts';
import { createAuditTrail } from './trail.ts';

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
  { clock, ids, say }: { clock: Clock; ids: Ids; say(line: string): void },
): Promise<{ trail: AuditTrail; close(): Promise<void> }> {
  const text = await readFile(policyFile, 'utf8').catch((error: Error) => {
    throw new Error(`--audit-policy-file: ${error.message}`);
  });
  const policy = parsePolicy(text, policyFile);
  if (logPath === '-')
    return {
      trail: createAuditTrail({ policy, clock, ids, write: (line) => say(line.trimEnd()) }),
      close: async () => {},
    };
  const file = await openRotating(logPath, rotation, clock).catch((error: Error) => {
    throw new Error(`--audit-log-path: ${error.message}`);
  });
  return {
    trail: createAuditTrail({ policy, clock, ids, write: file.write }),
    close: file.close,
  };
}
