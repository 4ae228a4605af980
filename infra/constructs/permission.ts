import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** What a role may do. A resource that leaves anything open needs `why`. */
export interface Permission {
  actions: string[];
  resources: string[];
  conditions?: Record<string, Record<string, string | string[]>>;
  why?: string;
}

export const statementOf = ({ actions, resources, conditions }: Permission): PolicyStatement =>
  new PolicyStatement({ actions, resources, ...(conditions && { conditions }) });

/** cdk-nag asks for a reason for each open resource by its text; it is the `why` of the permission. */
export function acknowledgeWildcards(construct: IConstruct, permissions: Permission[]): void {
  for (const { resources, why } of permissions)
    for (const resource of resources) {
      const text = flattenCfnReference(Stack.of(construct).resolve(resource));
      const open = text.includes('*');
      if (open && why) acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${text}]`]: why });
    }
}
