import { matchesGlob } from 'node:path/posix';
import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { CreateFileSystemCommand, EFSClient } from '@aws-sdk/client-efs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { openApplicationLoadBalancers } from '../../src/shared/cloud/aws/ingresses/index.ts';
import { openKmsKeys } from '../../src/shared/cloud/aws/kms/index.ts';
import { openNetworkLoadBalancers } from '../../src/shared/cloud/aws/loadBalancers/index.ts';
import { openRoute53Names } from '../../src/shared/cloud/aws/names/index.ts';
import { openSecretVault } from '../../src/shared/cloud/aws/secrets/index.ts';
import { sweep } from '../../src/shared/cloud/aws/sweep/index.ts';
import { allStages } from '../../src/shared/cloud/aws/sweep/stages.ts';
import { openEfsVolumes } from '../../src/shared/cloud/aws/volumes/index.ts';
import type { IngressMember } from '../../src/shared/cloud/provider.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { type MiniStack, noMiniStack, startMiniStack } from '../../tools/ministack.ts';
import { ingressesContract } from '../contract/ingresses.ts';
import { loadBalancersContract } from '../contract/loadBalancers.ts';
import { nameServiceContract } from '../contract/nameService.ts';
import { secretVaultContract } from '../contract/secretVault.ts';
import { secretVaultAt } from '../contract/secretVaultAws.ts';
import { tokenVaultContract } from '../contract/tokenVault.ts';
import { volumesContract } from '../contract/volumes.ts';
import { freePort } from '../support/freePort.ts';

// Each test is dozens of requests over HTTP.
jest.setTimeout(60_000);

const missing = noMiniStack();
const parts = { clock: systemClock, ids: randomIds, deployment: 'dev' };

(missing ? describe.skip : describe)('drivers of Services and Secrets, behind an emulator', () => {
  let emulator: MiniStack;
  let accounts = 100_000_000_000;
  beforeAll(async () => {
    emulator = await startMiniStack({ port: await freePort() });
  }, 120_000);
  afterAll(() => emulator?.stop());

  /** Clients of an account in which there is nothing. */
  const account = () => {
    const credentials = { accessKeyId: String(++accounts), secretAccessKey: 'test' };
    const settings = { endpoint: emulator.endpoint, region: 'us-east-1', credentials };
    return {
      acm: new ACMClient(settings),
      elb: new ElasticLoadBalancingV2Client(settings),
      ec2: new EC2Client(settings),
      route53: new Route53Client(settings),
      secretsManager: new SecretsManagerClient(settings),
      kms: new KMSClient(settings),
      ecs: new ECSClient(settings),
      efs: new EFSClient(settings),
    };
  };
  type Clients = ReturnType<typeof account>;

  const network = async ({ ec2 }: Clients) => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const subnet = new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.1.0/24' });
    const { Subnet } = await ec2.send(subnet);
    return { vpc: Vpc?.VpcId ?? '', subnets: [Subnet?.SubnetId ?? ''], securityGroup: 'sg-00000001' };
  };
  const zoneIn = async ({ route53 }: Clients) => {
    const request = new CreateHostedZoneCommand({ Name: 'cluster.local', CallerReference: randomIds.uid() });
    return (await route53.send(request)).HostedZone?.Id ?? '';
  };

  loadBalancersContract('aws', async () => {
    const clients = account();
    let turn = 0;
    const places = [1, 2, 3].map((n) => ({ address: `10.0.1.${n}`, port: 5000 }));
    return {
      balancers: openNetworkLoadBalancers({ ...parts, ...clients, ...(await network(clients)) }),
      places,
      visit: (hostname, port) => whereTo(clients, hostname, port, turn++),
      restart: async () => {},
      close: async () => {},
    };
  });

  ingressesContract('aws', async () => {
    const clients = account();
    const ingresses = openApplicationLoadBalancers({ ...parts, ...clients, ...(await network(clients)) });
    return { ingresses, ask: (...asked) => answerOf(clients, ...asked), close: async () => {} };
  });

  test('certificates of ACM are found by host', async () => {
    const clients = account();
    const request = (DomainName: string) => clients.acm.send(new RequestCertificateCommand({ DomainName }));
    const { CertificateArn } = await request('*.example.com');
    await request('example.org');
    const ingresses = openApplicationLoadBalancers({ ...parts, ...clients, ...(await network(clients)) });
    const one = webMember('a');
    one.ingress.metadata.annotations = { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS": 443}]' };
    expect((await ingresses.ensure(groupRef, [one])).refused).toEqual(new Map());
    const { LoadBalancers = [] } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    const [LoadBalancerArn] = LoadBalancers.map((balancer) => balancer.LoadBalancerArn);
    const { Listeners } = await clients.elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    expect(Listeners).toMatchObject([{ Port: 443, Certificates: [{ CertificateArn }] }]);
  });

  test('a group with actions and conditions is made once, and goes with all it has', async () => {
    const clients = account();
    const { elb } = clients;
    const writes: string[] = [];
    const counting = {
      send: (command: never) => {
        const { name } = (command as object).constructor;
        if (!name.startsWith('Describe')) writes.push(name);
        return elb.send(command);
      },
    } as typeof elb;
    const place = await network(clients);
    const ingresses = openApplicationLoadBalancers({ ...parts, ...clients, elb: counting, ...place });
    const ensure = () => ingresses.ensure(groupRef, [webMember('a'), webMember('b', everyAction)]);
    const made = await ensure();
    expect(made).toEqual({ points: [{ hostname: expect.any(String) }], refused: new Map() });
    writes.length = 0;
    expect(await ensure()).toEqual(made);
    expect(writes).toEqual([]);
    await ingresses.remove(groupRef);
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).toEqual([]);
    expect((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  });

  nameServiceContract('aws', async () => {
    const { route53, ...clients } = account();
    const id = await zoneIn({ route53, ...clients });
    let writes = 0;
    const counting = {
      send: (command: never) => {
        if ((command as object).constructor.name.startsWith('Change')) writes++;
        return route53.send(command);
      },
    } as Pick<Route53Client, 'send'>;
    const zone = { id, domain: 'cluster.local', deployment: 'dev' };
    return {
      names: openRoute53Names({ ...parts, client: counting, zone }),
      writes: () => writes,
      async resolve(cluster, name, type) {
        const origin = cluster === 'default' ? 'cluster.local.' : `${cluster}.cluster.local.`;
        const { ResourceRecordSets = [] } = await route53.send(
          new ListResourceRecordSetsCommand({ HostedZoneId: id }),
        );
        const found = ResourceRecordSets.find((set) => set.Name === `${name}.${origin}` && set.Type === type);
        return (found?.ResourceRecords ?? []).map(({ Value = '' }) => Value.replace(`.${origin}`, '')).sort();
      },
    };
  });

  secretVaultContract('aws', () => secretVaultAt(account().secretsManager));
  tokenVaultContract('aws', () => secretVaultAt(account().secretsManager));

  const openVolumes = async () => {
    const { efs } = account();
    const { FileSystemId } = await efs.send(new CreateFileSystemCommand({}));
    return {
      volumes: openEfsVolumes({ ...parts, client: efs }),
      storageClass: {
        metadata: { name: 'efs' },
        provisioner: 'efs.csi.aws.com',
        parameters: { provisioningMode: 'efs-ap', fileSystemId: FileSystemId ?? '' },
      },
    };
  };
  volumesContract('aws', openVolumes, { lacks: 'the emulator does not know the client tokens of EFS' });

  test('a data key opens for its deployment only', async () => {
    const { kms } = account();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const keyId = KeyMetadata?.Arn ?? '';
    const keys = openKmsKeys({ ...parts, client: kms, keyId });
    const { secret, wrapped } = await keys.generate();
    expect(secret).toHaveLength(32);
    expect(await keys.unwrap(wrapped, keyId)).toEqual(secret);
    const others = openKmsKeys({ ...parts, deployment: 'other', client: kms, keyId });
    await expect(others.unwrap(wrapped, keyId)).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  test('a sweep removes all of it', async () => {
    const clients = account();
    const place = await network(clients);
    const hostedZone = await zoneIn(clients);
    const balancers = openNetworkLoadBalancers({ ...parts, ...clients, ...place });
    const zone = { id: hostedZone, domain: 'cluster.local', deployment: 'dev' };
    const names = openRoute53Names({ ...parts, client: clients.route53, zone });
    const vault = openSecretVault({ ...parts, client: clients.secretsManager });
    const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };
    for (const annotations of [undefined, { 'shallop.dev/shared-lb': 'all' }])
      await balancers.ensure(
        { ...ref, uid: annotations ? 'shared' : 'own' },
        { metadata: { name: 'web', annotations }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
        [],
      );
    const ingresses = openApplicationLoadBalancers({ ...parts, ...clients, ...place });
    await ingresses.ensure(groupRef, [webMember('a'), webMember('b')]);
    await names.publish(ref, [{ name: 'web.ns.svc', type: 'A', values: ['10.0.0.1'] }]);
    await vault.project(ref, { metadata: {}, data: {} });
    const stages = allStages({ ...parts, ...clients, ...place, cluster: 'none', hostedZone });
    const swept = stages.filter(({ name }) => name !== 'tasks');
    const until = Date.now() + 20_000;
    expect(await sweep({ stages: swept, clock: systemClock, log: silentLogger, until })).toEqual({});
    const held = [balancers, ingresses, names, vault].map((each) => each.list());
    expect(await Promise.all(held)).toEqual([[], [], [], []]);
    const { LoadBalancers } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toEqual([]);
  });
});

const groupRef = { cluster: 'default', namespace: '', name: 'g', uid: 'group.ingress.k8s.aws/g' };

/** Its Pod is at 10.0.1.1; each action has a path of its name. */
function webMember(name: string, actions: Record<string, object> = {}): IngressMember {
  const paths = ['app', ...Object.keys(actions)].map((service) => ({
    path: `/${service}`,
    pathType: 'Exact' as const,
    backend: { service: { name: service, port: { name: service === 'app' ? 'http' : 'use-annotation' } } },
  }));
  const alb = 'alb.ingress.kubernetes.io/';
  const conditions = [
    { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Canary', values: ['always'] } },
    { field: 'source-ip', sourceIpConfig: { values: ['192.0.2.0/24'] } },
  ];
  const annotations = {
    [`${alb}conditions.app`]: JSON.stringify(conditions),
    ...Object.fromEntries(
      Object.entries(actions).map(([key, action]) => [`${alb}actions.${key}`, JSON.stringify(action)]),
    ),
  };
  const endpoints = [{ portName: '', address: '10.0.1.1', port: 5000, protocol: 'TCP', ready: true }];
  return {
    isServed: false,
    ingress: {
      metadata: { name, namespace: 'ns', uid: name, annotations },
      spec: { rules: [{ host: `${name}.example.com`, http: { paths } }] },
    },
    backends: [
      { service: 'app', port: 'http', endpoints },
      { service: 'canary', port: 80, endpoints },
    ],
  };
}

/** The emulator forgets weights and conditions on queries. */
const everyAction = {
  gone: { type: 'fixed-response', fixedResponseConfig: { statusCode: '410', messageBody: 'gone' } },
  away: { type: 'redirect', redirectConfig: { host: 'example.org', statusCode: 'HTTP_302' } },
  canary: {
    type: 'forward',
    forwardConfig: { targetGroups: [{ serviceName: 'canary', servicePort: 80 }] },
  },
};

/** Nothing listens there: where the control plane says that the next connection goes. */
async function whereTo(
  { elb }: { elb: ElasticLoadBalancingV2Client },
  hostname: string,
  port: number,
  turn: number,
): Promise<string | undefined> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers.find(({ DNSName }) => DNSName === hostname)?.LoadBalancerArn;
  if (!LoadBalancerArn) return undefined;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const listener = Listeners.find(({ Port }) => Port === port);
  return targetOf(elb, listener?.DefaultActions?.[0]?.TargetGroupArn, turn);
}

async function targetOf(
  elb: ElasticLoadBalancingV2Client,
  TargetGroupArn: string | undefined,
  turn: number,
): Promise<string | undefined> {
  if (!TargetGroupArn) return undefined;
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  const targets = TargetHealthDescriptions.filter((t) => t.TargetHealth?.State === 'healthy');
  const target = targets[turn % targets.length]?.Target;
  return target && `${target.Id}:${target.Port}`;
}

/** What a load balancer for HTTP answers, by its rules; the emulator's own data plane needs targets that run. */
async function answerOf(
  { elb }: { elb: ElasticLoadBalancingV2Client },
  hostname: string,
  host: string,
  path: string,
): Promise<string | undefined> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const LoadBalancerArn = LoadBalancers.find(({ DNSName }) => DNSName === hostname)?.LoadBalancerArn;
  if (!LoadBalancerArn) return undefined;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
  const ordered = Rules.filter((r) => !r.IsDefault).sort((a, b) => Number(a.Priority) - Number(b.Priority));
  const rule = ordered.find(({ Conditions = [] }) =>
    Conditions.every(
      (c) =>
        (c.HostHeaderConfig?.Values ?? [host]).includes(host) &&
        (c.PathPatternConfig?.Values ?? [path]).some((pattern) => matchesGlob(path, pattern)),
    ),
  );
  const action = rule?.Actions?.[0] ?? Rules.find((r) => r.IsDefault)?.Actions?.[0];
  const status = action?.FixedResponseConfig?.StatusCode;
  return status ?? (await targetOf(elb, action?.TargetGroupArn, 0)) ?? '503';
}
