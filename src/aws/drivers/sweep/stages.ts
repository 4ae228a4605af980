import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { EFSClient } from '@aws-sdk/client-efs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Owner, Place } from '../loadBalancers/desired.ts';
import { openSecretVault } from '../secrets/index.ts';
import { openSender, type SenderOptions } from '../sender.ts';
import type { Stage } from './index.ts';
import {
  balancerStage,
  interfaceStage,
  nameStage,
  secretStage,
  securityGroupStage,
  targetGroupStage,
  volumeStage,
} from './services.ts';
import { definitionStage, taskStage } from './tasks.ts';

export interface StageOptions extends SenderOptions, Owner, Pick<Place, 'securityGroup'> {
  ecs: Pick<ECSClient, 'send'>;
  elb: Pick<ElasticLoadBalancingV2Client, 'send'>;
  ec2: Pick<EC2Client, 'send'>;
  route53: Pick<Route53Client, 'send'>;
  secretsManager: Pick<SecretsManagerClient, 'send'>;
  efs: Pick<EFSClient, 'send'>;
  /** ECS cluster. */
  cluster: string;
  /** Route 53's id of the zone of names. */
  hostedZone: string;
}

/**
 * Everything that a deployment makes at run time. What costs goes first, what AWS lets go of late goes last, and tasks
 * before what they hold.
 */
export function allStages(options: StageOptions): Stage[] {
  const { ecs, elb, ec2, route53, secretsManager, efs, cluster, hostedZone, deployment } = options;
  const send = openSender(options);
  const tasks = { ecs, cluster, deployment, send };
  const vault = openSecretVault({ ...options, client: secretsManager });
  return [
    taskStage(tasks),
    balancerStage({ elb, ec2, send }, options),
    targetGroupStage({ elb, ec2, send }, options),
    nameStage({ client: route53, zoneId: hostedZone, send }),
    secretStage(vault),
    volumeStage({ client: efs, deployment, send }),
    securityGroupStage({ elb, ec2, send }, options),
    interfaceStage({ elb, ec2, send }, options.securityGroup),
    definitionStage(tasks, vault),
  ];
}
