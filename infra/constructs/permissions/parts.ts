import type { Construct } from 'constructs';
import { tags } from '../../../src/aws/names.ts';
import { iamArn } from '../arns.ts';
import type { Cluster } from '../cluster.ts';
import type { Data } from '../data.ts';
import type { Network } from '../network.ts';
import type { Permission } from '../permission.ts';
import type { WorkQueue } from '../queue.ts';

/** The parts of a deployment that permissions are about. */
export interface Parts {
  scope: Construct;
  name: string;
  data: Data;
  network: Network;
  cluster: Cluster;
  work: WorkQueue;
}

export const madeHere = ({ name }: Parts) => ({
  StringEquals: { [`aws:ResourceTag/${tags.deployment}`]: name },
});
export const makingHere = ({ name }: Parts) => ({
  StringEquals: { [`aws:RequestTag/${tags.deployment}`]: name },
});
/** Tags given in the request that makes something, which is another action for IAM. */
export const tagging = (parts: Parts, service: string, by: string[]) => ({
  StringEquals: { ...makingHere(parts).StringEquals, [`${service}:CreateAction`]: by },
});

/** Role that a service works with. The first call in an account that needs it makes it, with the rights of the caller. */
export const ownRoleOf = ({ scope }: Parts, service: string, name: string): Permission => ({
  actions: ['iam:CreateServiceLinkedRole'],
  resources: [iamArn(scope, `role/aws-service-role/${service}.amazonaws.com/AWSServiceRoleFor${name}`)],
  conditions: { StringEquals: { 'iam:AWSServiceName': `${service}.amazonaws.com` } },
});
