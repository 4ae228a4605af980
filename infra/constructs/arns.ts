import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** ARN of something of this account and region: `arnIn(this, 'ecs', 'task/cluster/*')`. */
export const arnIn = (scope: IConstruct, service: string, resource: string): string =>
  Stack.of(scope).formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });

/** ARN of a role or another thing of IAM, which has no region. */
export const iamArn = (scope: IConstruct, resource: string): string =>
  Stack.of(scope).formatArn({ service: 'iam', region: '', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });

/** ARN of a document of Systems Manager that AWS owns: it is of no account. */
export const documentOfAws = (scope: IConstruct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'ssm', account: '', resource: 'document', resourceName: name });
