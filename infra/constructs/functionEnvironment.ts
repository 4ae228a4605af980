import { environment, functionName } from '../../src/aws/names.ts';
import type { Settings, SubnetInZone } from '../settings.ts';
import { arnIn } from './arns.ts';
import type { Parts } from './permissions/parts.ts';

type Variables = Record<string, string>;

/** Names a cluster in tokens: no two deployments anywhere share it, or the token for one would open the other. */
export const clusterIdOf = (name: string, account: string, region: string): string =>
  `shallop-${name}-${account}-${region}`;

/** Where the objects are. */
export const coreVariables = (
  { name, data }: Parts,
  { domain, featureGates, runtimeConfig, tokensSince, podMetrics }: Settings,
): Variables => ({
  ...(featureGates && { [environment.featureGates]: featureGates }),
  ...(runtimeConfig && { [environment.runtimeConfig]: runtimeConfig }),
  ...(tokensSince && { [environment.tokensSince]: tokensSince }),
  ...(podMetrics && { [environment.podMetrics]: String(podMetrics) }),
  [environment.deployment]: name,
  [environment.table]: data.table.tableName,
  [environment.kmsKey]: data.key.keyArn,
  ...(domain && { [environment.podApiUrl]: `https://${domain.name}` }),
});

/** Who may sign in. */
export const identityVariables = (clusterId: string, { creatorArn, accessEntries }: Settings): Variables => ({
  [environment.clusterId]: clusterId,
  ...(creatorArn && { [environment.creatorArn]: creatorArn }),
  ...(accessEntries && { [environment.accessEntries]: accessEntries }),
});

/** Where Pods, Services and their names come to stand. */
export const cloudVariables = ({ scope, name, network, cluster }: Parts, settings: Settings): Variables => ({
  ...(settings.scaleToZero && {
    [environment.activator]: arnIn(scope, 'lambda', `function:${functionName(name, 'activator')}`),
  }),
  [environment.ecsCluster]: cluster.clusterName,
  [environment.zones]: inZones(network.subnets),
  ...(network.balancerSubnets !== network.subnets &&
    !network.publicIp && { [environment.balancerZones]: inZones(network.balancerSubnets) }),
  [environment.vpc]: network.vpcId,
  [environment.podSecurityGroups]: [network.podSecurityGroup, network.podMembers]
    .map(({ securityGroupId }) => securityGroupId)
    .join(','),
  [environment.loadBalancerSecurityGroup]: network.loadBalancerSecurityGroup.securityGroupId,
  [environment.publicIp]: String(network.publicIp),
  [environment.logGroup]: cluster.logs.logGroupName,
  [environment.executionRole]: cluster.executionRole.roleArn,
  [environment.taskRole]: cluster.taskRole.roleArn,
  [environment.architecture]: settings.architecture,
  [environment.drainSeconds]: String(settings.drainSeconds),
  [environment.projectorImage]: settings.projectorImage,
  [environment.hostedZone]: network.zone.hostedZoneId,
});

const inZones = (subnets: SubnetInZone[]) => subnets.map(({ id, zone }) => `${id}=${zone}`).join(',');

/** Where work waits. */
export const workVariables = ({ work }: Parts): Variables => ({ [environment.queue]: work.queue.queueUrl });
