import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Permission } from '../permission.ts';

/** Events of the audit log: each process of the function has a stream. It reads none. */
export const writeAudit = (logs: ILogGroup): Permission => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logs.logGroupArn],
});
