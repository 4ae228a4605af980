import { readFileSync } from 'node:fs';
import { parsePolicy } from '../../src/shared/audit/parse.ts';
import type { Reader } from './context.ts';

/** Which requests are written into an audit log of the deployment. */
export interface AuditSettings {
  /** The policy as JSON. */
  policy: string;
  /** Days that events are kept. */
  days: number;
}

/** Reads the policy file that the context names. What the function could not read would show only once it serves. */
export function readAudit({ text, count }: Reader): AuditSettings | undefined {
  const file = text('auditPolicy');
  if (!file) return undefined;
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`-c auditPolicy: ${(error as Error).message}`);
  }
  const policy = JSON.stringify(parsePolicy(content, `-c auditPolicy=${file}`));
  return { policy, days: count('auditLogDays', 90) };
}
