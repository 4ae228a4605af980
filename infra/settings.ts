import { type Architecture, architectures, usualArchitecture } from '../src/aws/drivers/pods/architecture.ts';
import { parseAccessEntries } from '../src/aws/iam/accessEntries.ts';
import type { EventRule } from '../src/shared/events/rules.ts';
import { featuresOf } from '../src/shared/kinds/features.ts';
import { type AuditSettings, readAudit } from './settings/audit.ts';
import { type Context, type Reader, readerOf } from './settings/context.ts';
import { readEventRules } from './settings/eventRules.ts';
import { type Exposure, readExposure } from './settings/exposure.ts';
import { type Outgoing, readOutgoing } from './settings/outgoing.ts';
import { readPodMetrics } from './settings/podMetrics.ts';
import { type RestoredTable, readRestored } from './settings/restored.ts';
import { readScaleToZero } from './settings/scaleToZero.ts';

/**
 * What a deployment may choose, given as CDK context: `-c name=dev -c domain=k8s.example.org …`. Values from the command
 * line are strings; the same keys may stand in cdk.json.
 */
export interface Settings extends Exposure, Outgoing {
  /** Name of the deployment: several may live in one account and region. */
  name: string;
  /** An existing network instead of an own one. */
  network?: ExistingNetwork;
  /** A restored table instead of the own one. */
  restored?: RestoredTable;
  /** Zones of the own network; absent: the first two of the region, which Fargate may not know. */
  zones?: string[];
  /**
   * Whether the VPC's DHCP options get the search domains of Kubernetes, so that `service.namespace` may resolve: it rests on
   * how a task's resolver reads a list, which no account has shown yet.
   */
  searchDomains: boolean;
  /** Under which Pods can reach the API too. */
  domain?: CustomDomain;
  /** ARN of the principal that is cluster admin. */
  creatorArn?: string;
  /** Time since which keys of service-account tokens are good; absent: all are. */
  tokensSince?: string;
  /** JSON list of access entries, as EKS has them. */
  accessEntries?: string;
  /** Comma-separated, as kube-apiserver's flags of these names; absent: what Kubernetes has on is on. */
  featureGates?: string;
  runtimeConfig?: string;
  /** What is written down of requests; absent: nothing but a line each in the log of the API's function. */
  audit?: AuditSettings;
  /** Seconds between two tellings of what a Pod uses; absent: nobody measures Pods. */
  podMetrics?: number;
  /** Whether Services that nobody uses are scaled to zero where they ask for it. */
  scaleToZero: boolean;
  /** Whether object changes go to an EventBridge bus. */
  events: boolean;
  /** Who is told of them, by a rule file; absent: nobody but the example. */
  eventRules?: readonly EventRule[];
  /** Whether a file system for claims is made; it stays when the deployment goes. */
  fileSystem: boolean;
  /** SNS topic that alarms notify; without one there are the few that an owner looks at. */
  alarmTopicArn?: string;
  /** Whether CloudWatch shows the deployment on a page. */
  dashboard: boolean;
  /** Whether Lambda and API Gateway send traces to X-Ray. */
  tracing: boolean;
  /** False: the account's API Gateway has a role for its logs already (it is one per account and region). */
  gatewayLogRole: boolean;
  /** How many functions the account may run at the same time: its quota "Concurrent executions" of Lambda. */
  concurrency: number;
  /** Days that logs are kept. */
  logDays: number;
  /** Memory of the API function in MB: a watch costs by it. */
  apiMemory: number;
  /** The architecture of Pods that select none by `kubernetes.io/arch`. */
  architecture: Architecture;
  /** How long connections may come to a target of a network load balancer after it was told to leave. */
  drainSeconds: number;
  /**
   * Image of the small containers that write projected files, ask for tokens and probe: sh, tar, nc and a wget that checks
   * certificates, as Alpine's does and that of the busybox image does not.
   */
  projectorImage: string;
}

export interface ExistingNetwork {
  vpcId: string;
  cidr: string;
  subnets: SubnetInZone[];
  /** Where load balancers of the internet stand; absent: where tasks do. */
  balancerSubnets?: SubnetInZone[];
  /** Whether tasks get public addresses; false needs a NAT or VPC endpoints. */
  publicIp: boolean;
}

export interface SubnetInZone {
  id: string;
  zone: string;
}

export interface CustomDomain {
  name: string;
  /** ACM certificate in the same region. */
  certificateArn: string;
  /** Route 53 zone that gets the record; absent: the record is made elsewhere. */
  zone?: { id: string; name: string };
}

/** Throws an error that names the key and what it should be. */
export function readSettings(context: Context): Settings {
  const read = readerOf(context);
  const { text, flag, count, needed } = read;
  const concurrency = count('concurrency', 1_000);
  const restored = readRestored(read);
  const audit = readAudit(read);
  const eventRules = readEventRules(read);
  if (eventRules && !flag('events', true)) throw new Error('-c eventRules needs -c events=true');
  const podMetrics = readPodMetrics(read);
  const name = text('name') ?? 'default';
  if (!/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/.test(name))
    throw new Error('-c name is 2 to 20 lower-case letters, digits and dashes, beginning with a letter');
  return {
    name,
    ...(text('vpcId') && {
      network: {
        vpcId: needed('vpcId', 'vpcId'),
        cidr: needed('vpcCidr', 'vpcId'),
        subnets: needed('subnets', 'vpcId').split(',').map(subnetOf),
        ...(text('balancerSubnets') && { balancerSubnets: read.list('balancerSubnets').map(subnetOf) }),
        publicIp: flag('publicIp', true),
      },
    }),
    ...readExposure(read, concurrency),
    ...readOutgoing(read),
    ...(restored && { restored }),
    ...(text('zones') && { zones: needed('zones', 'zones').split(',').map(zoneOf) }),
    searchDomains: flag('searchDomains', false),
    ...(text('domain') && {
      domain: {
        name: needed('domain', 'domain'),
        certificateArn: needed('certificateArn', 'domain'),
        ...(text('domainZoneId') && {
          zone: { id: needed('domainZoneId', 'domain'), name: needed('domainZone', 'domainZoneId') },
        }),
      },
    }),
    ...(text('creatorArn') && { creatorArn: needed('creatorArn', 'creatorArn') }),
    ...(text('accessEntries') && { accessEntries: accessEntriesOf(context('accessEntries')) }),
    ...featuresIn(read),
    ...tokensSinceIn(read),
    ...(audit && { audit }),
    ...(podMetrics && { podMetrics }),
    scaleToZero: readScaleToZero(read, concurrency),
    events: flag('events', eventRules !== undefined),
    ...(eventRules && { eventRules }),
    fileSystem: flag('fileSystem', false),
    ...(text('alarmTopicArn') && { alarmTopicArn: needed('alarmTopicArn', 'alarmTopicArn') }),
    // Three pages of an account are free, then each costs $3 a month: whoever wants to be told wants to see, too.
    dashboard: flag('dashboard', text('alarmTopicArn') !== undefined),
    tracing: flag('tracing', false),
    gatewayLogRole: flag('gatewayLogRole', true),
    concurrency,
    logDays: count('logDays', 7),
    apiMemory: count('apiMemory', 512),
    architecture: architectureOf(text('architecture')),
    // Users measured about two minutes, whatever the deregistration delay (aws-load-balancer-controller #2366).
    drainSeconds: count('drainSeconds', 130),
    projectorImage: text('projectorImage') ?? 'public.ecr.aws/docker/library/alpine:3.22',
  };
}

/** What the functions could not read would show only once they serve. */
function featuresIn({ text, list }: Reader) {
  const [featureGates, runtimeConfig] = [text('featureGates'), text('runtimeConfig')];
  featuresOf({ gates: list('featureGates'), versions: list('runtimeConfig') });
  return { ...(featureGates && { featureGates }), ...(runtimeConfig && { runtimeConfig }) };
}

/** A time to come would make every key too old, again and again. */
function tokensSinceIn({ text }: Reader): { tokensSince?: string } {
  const given = text('tokensSince');
  if (given === undefined) return {};
  const time = Date.parse(given);
  if (!/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(given) || !(time <= Date.now()))
    throw new Error('-c tokensSince is a time that has been, as 2026-11-30T12:00:00Z');
  return { tokensSince: new Date(time).toISOString() };
}

function architectureOf(value: string = usualArchitecture): Architecture {
  const found = architectures.find((each) => each === value);
  if (!found) throw new Error(`-c architecture is amd64 or arm64, not ${JSON.stringify(value)}`);
  return found;
}

/** `subnet-1=us-east-1a`: the zone is told, since looking it up would need an account at synth. */
function subnetOf(pair: string): SubnetInZone {
  const [id, zone, ...more] = pair.trim().split('=');
  if (!id || !zone || more.length)
    throw new Error(`-c subnets is subnet=zone,subnet=zone, not ${JSON.stringify(pair)}`);
  return { id, zone };
}

function zoneOf(name: string): string {
  if (!/^[a-z]+(-[a-z]+)+-\d[a-z]$/.test(name))
    throw new Error(`-c zones is zone,zone, as us-east-1b,us-east-1c, not ${JSON.stringify(name)}`);
  return name;
}

/** What is left of the 4 KB that all variables of a function may have. */
const longestEntries = 2_700;

/** A list in cdk.json, or JSON text. What the function could not read would show only once it serves. */
function accessEntriesOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  try {
    const entries = JSON.stringify(parseAccessEntries(text));
    if (Buffer.byteLength(entries) <= longestEntries) return entries;
  } catch (error) {
    throw new Error(`-c accessEntries: ${(error as Error).message}`);
  }
  throw new Error(`-c accessEntries: longer than ${longestEntries} bytes; the ConfigMap aws-auth takes more`);
}
