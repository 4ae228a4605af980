import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AuditTrail } from '../../shared/api/auditTrail.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { parsePolicy } from './parse.ts';
import { createAuditTrail } from './trail.ts';

/** Where the rules stand and where events go. */
export interface AuditConfig {
  policyFile: string;
  /** Appended to; `-` is the output of this process. */
  logPath: string;
}

/** Keeps account of requests in a file. Rejects when the policy cannot be read, or the log not be written. */
export async function openAudit(
  { policyFile, logPath }: AuditConfig,
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
  const file = createWriteStream(logPath, { flags: 'a', mode: 0o600 });
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', (error) => reject(new Error(`--audit-log-path: ${error.message}`)));
  });
  // A disk that is full later on ends no request.
  file.on('error', () => {});
  return {
    trail: createAuditTrail({ policy, clock, ids, write: (line) => void file.write(line) }),
    close: () => new Promise((resolve) => file.end(() => resolve())),
  };
}
