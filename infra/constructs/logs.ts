import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A log group that forgets, is encrypted, and goes with the deployment. */
export const logGroup = (
  scope: Construct,
  id: string,
  { name, key, days }: { name: string; key: IKey; days: number },
): LogGroup =>
  new LogGroup(scope, id, {
    logGroupName: name,
    encryptionKey: key,
    // CloudWatch knows certain numbers of days only, and names the right ones when it refuses.
    retention: days as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
