import { openNameLedger } from '../../../src/aws/drivers/dynamodb/nameLedger.ts';
import type { DynamoClient } from '../../../src/aws/drivers/dynamodb/sender.ts';
import { openApplicationLoadBalancers } from '../../../src/aws/drivers/ingresses/index.ts';
import { openNetworkLoadBalancers } from '../../../src/aws/drivers/loadBalancers/index.ts';
import { openRoute53Names } from '../../../src/aws/drivers/names/index.ts';
import { openFargatePods } from '../../../src/aws/drivers/pods/index.ts';
import { openSecretVault } from '../../../src/aws/drivers/secrets/index.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { openEfsVolumes } from '../../../src/aws/drivers/volumes/index.ts';
import { openVolumeParts } from '../../../src/aws/drivers/volumes/parts.ts';
import type { ControllerGroup } from '../../../src/aws/names.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import type { Logger } from '../../../src/shared/observability/logger.ts';
import type { Cloud, PodStatistics, RuntimeEventSink } from '../../../src/shared/ports/cloud.ts';
import { clusterDomain } from '../../../src/shared/ports/names.ts';
import { type DeployedCloud, deployment } from './deployedCloud.ts';
import type { AwsClient } from './deployedTrouble.ts';
import { settings } from './fakeEcsWorld.ts';

export interface PortParts {
  clock: Clock;
  ids: Ids;
  log: Logger;
  cloud: DeployedCloud;
  dynamo: DynamoClient;
  table: string;
  /** The client of a service as this process sees it. */
  reached(service: string, client: AwsClient): never;
  events: RuntimeEventSink;
  podMetrics?: number;
  statistics?: PodStatistics;
}

/** In one zone: each more costs Nodes. */
const place = { ...settings, zones: settings.zones.slice(0, 1) };

/** The real drivers of a group, as src/aws/reconcile*.ts open them. */
export function portsOf(
  group: ControllerGroup,
  { cloud, reached, dynamo, table, podMetrics, statistics, ...parts }: PortParts,
): Partial<Cloud> {
  const vault = () =>
    openSecretVault({
      ...parts,
      deployment,
      client: reached('secrets', cloud.secrets.client),
      tokens: true,
    });
  switch (group) {
    case 'workloads':
      return statistics ? { statistics } : {};
    case 'pods': {
      const efs = { ...parts, deployment, client: reached('efs', cloud.efs.client) };
      return {
        pods: openFargatePods({
          ...parts,
          ...place,
          ecs: reached('ecs', cloud.ecsClient),
          logs: cloud.ecs.logs as never,
          secrets: vault(),
          volumeParts: openVolumeParts({ ...efs, send: openSender(parts) }),
          apiHost: 'api.example',
          ...(podMetrics && { podMetrics }),
        }),
        volumes: openEfsVolumes(efs),
      };
    }
    case 'services': {
      const elb = reached('elb', cloud.elb.client);
      const subnets = place.zones.map(({ subnet }) => subnet);
      const network = { deployment, vpc: 'vpc-1', subnets, securityGroup: 'sg-balancers' };
      // An application load balancer has two zones at least.
      const wide = { ...network, subnets: settings.zones.map(({ subnet }) => subnet) };
      const zone = { id: 'Z1', domain: clusterDomain, deployment };
      return {
        loadBalancers: openNetworkLoadBalancers({ ...parts, ...network, elb, ec2: elb }),
        ingresses: openApplicationLoadBalancers({ ...parts, ...wide, elb, ec2: elb, acm: elb }),
        names: openRoute53Names({
          ...parts,
          client: reached('route53', cloud.route53.client),
          zone,
          ledger: openNameLedger({ ...parts, client: dynamo, table }),
        }),
      };
    }
    case 'secrets':
      return { secrets: vault() };
  }
}
