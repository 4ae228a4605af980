import { beforeEach, describe, expect, test } from '@jest/globals';
import { FakeElb } from '../../../../test/support/aws/fakeElb.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Service, ServicePort, ServiceSpec } from '../../../shared/kinds/schema/types.ts';
import type { LoadBalancers, ServiceEndpoint, ServiceRef } from '../../../shared/ports/cloud.ts';
import { openNetworkLoadBalancers } from './index.ts';
import { loadBalancerName, serviceHash, targetGroupName } from './names.ts';

const ref = (name = 'web'): ServiceRef => ({ cluster: 'default', namespace: 'ns', name, uid: `uid-${name}` });
const aws = (pairs: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(pairs).map(([k, v]) => [`service.beta.kubernetes.io/aws-load-balancer-${k}`, v]),
  );
const service = (annotations: Record<string, string> = {}, spec: Partial<ServiceSpec> = {}): Service => ({
  metadata: { name: 'web', annotations },
  spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
const at = (address: string, more: Partial<ServiceEndpoint> = {}): ServiceEndpoint => ({
  portName: '',
  address,
  port: 8080,
  protocol: 'TCP',
  ready: true,
  ...more,
});

let elb: FakeElb;
let balancers: LoadBalancers;
beforeEach(() => {
  elb = new FakeElb();
  balancers = openNetworkLoadBalancers({
    elb: elb.client,
    ec2: elb.client,
    clock: { now: () => 0, sleep: async () => {} },
    ids: seededIds(),
    deployment: 'dev',
    vpc: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2'],
    securityGroup: 'sg-pods',
  });
});
const calls = async (work: () => Promise<unknown>) => {
  elb.calls.length = 0;
  await work();
  return [...elb.calls];
};
const only = <T>(map: Map<string, T>): T => {
  expect(map.size).toBe(1);
  return map.values().next().value!;
};
const sent = (name: string) => elb.inputs.filter((i) => i.name === name).map((i) => i.input);

test('what is made is internet-facing, guarded, checked every 10 s, and tagged', async () => {
  const [ingress] = await balancers.ensure(ref(), service(), [at('10.0.0.1')]);
  const made = sent('CreateLoadBalancer')[0]!;
  expect(made).toMatchObject({
    Type: 'network',
    Scheme: 'internet-facing',
    Subnets: ['subnet-1', 'subnet-2'],
    SecurityGroups: ['sg-pods', expect.stringMatching(/^sg-\d/)],
  });
  expect(elb.tags.get(only(elb.balancers).LoadBalancerArn)).toMatchObject({
    'shallop.dev/deployment': 'dev',
    'shallop.dev/cluster': 'default',
    'shallop.dev/namespace': 'ns',
    'shallop.dev/name': 'web',
    'shallop.dev/uid': 'uid-web',
  });
  expect(sent('CreateTargetGroup')[0]).toMatchObject({
    TargetType: 'ip',
    VpcId: 'vpc-1',
    Protocol: 'TCP',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 3,
    UnhealthyThresholdCount: 3,
  });
  expect(only(elb.securityGroups).rules).toMatchObject([
    {
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: serviceHash('dev', ref()) }],
    },
  ]);
  expect(elb.visit(ingress!.hostname!, 80)).toBe('10.0.0.1:8080');
});

test('nothing new: five reads and one for each port, no write', async () => {
  const spec = {
    ports: [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ],
  };
  const endpoints = [at('10.0.0.1', { portName: 'a' }), at('10.0.0.2', { portName: 'b' })];
  await balancers.ensure(ref(), service({}, spec), endpoints);
  expect((await calls(() => balancers.ensure(ref(), service({}, spec), endpoints))).sort()).toEqual([
    'DescribeListeners',
    'DescribeLoadBalancers',
    'DescribeSecurityGroups',
    'DescribeTags',
    'DescribeTargetGroups',
    'DescribeTargetHealth',
    'DescribeTargetHealth',
  ]);
});

test('what goes between two looks at it is looked for again', async () => {
  await balancers.ensure(ref(), service(), [at('10.0.0.1')]);
  elb.failNext('DescribeTags', 'LoadBalancerNotFoundException');
  const again = await calls(() => balancers.ensure(ref(), service(), [at('10.0.0.1')]));
  expect(again.filter((call) => call === 'DescribeTags')).toHaveLength(2);
  expect(again.filter((call) => !call.startsWith('Describe'))).toEqual([]);
});

test('a readiness change is one registration and one deregistration', async () => {
  await balancers.ensure(ref(), service(), [at('10.0.0.1'), at('10.0.0.2')]);
  const next = [at('10.0.0.1', { ready: false }), at('10.0.0.2'), at('10.0.0.3')];
  const writes = (await calls(() => balancers.ensure(ref(), service(), next))).filter(
    (c) => !c.startsWith('Describe'),
  );
  expect(writes).toEqual(['RegisterTargets', 'DeregisterTargets']);
  expect(sent('DeregisterTargets')[0]).toMatchObject({ Targets: [{ Id: '10.0.0.1', Port: 8080 }] });
  // One that drains is taken back.
  await balancers.ensure(ref(), service(), [at('10.0.0.1'), at('10.0.0.2'), at('10.0.0.3')]);
  expect(sent('RegisterTargets').at(-1)).toMatchObject({ Targets: [{ Id: '10.0.0.1', Port: 8080 }] });
});

test('many targets go in as few requests as there may be', async () => {
  const many = Array.from({ length: 450 }, (_, i) => at(`10.0.${i >> 8}.${i & 255}`));
  await balancers.ensure(ref(), service(), many);
  expect(sent('RegisterTargets').map(({ Targets }) => (Targets as unknown[]).length)).toEqual([200, 200, 50]);
});

test('while it is being provisioned nobody is told its name', async () => {
  elb.state = 'provisioning';
  expect(await balancers.ensure(ref(), service(), [at('10.0.0.1')])).toEqual([]);
  elb.provisioned();
  expect(await balancers.ensure(ref(), service(), [at('10.0.0.1')])).toHaveLength(1);
});

test('one that AWS could not set up is an error', async () => {
  elb.state = 'failed';
  await expect(balancers.ensure(ref(), service(), [])).rejects.toMatchObject({ reason: 'InternalError' });
});

test.each([
  'CreateSecurityGroup',
  'CreateTargetGroup',
  'ModifyTargetGroupAttributes',
  'CreateLoadBalancer',
  'CreateListener',
  'AddTags',
])('interrupted at %s, the next run ends it and makes nothing twice', async (name) => {
  const wanted = service(aws({ attributes: 'load_balancing.cross_zone.enabled=true' }));
  elb.failNext(name, 'ValidationError');
  await expect(balancers.ensure(ref(), wanted, [at('10.0.0.1')])).rejects.toMatchObject({
    reason: 'BadRequest',
  });
  const [ingress] = await balancers.ensure(ref(), wanted, [at('10.0.0.1')]);
  expect(elb.visit(ingress!.hostname!, 80)).toBe('10.0.0.1:8080');
  expect([elb.balancers.size, elb.groups.size, elb.listeners.size, elb.securityGroups.size]).toEqual([
    1, 1, 1, 1,
  ]);
  expect(elb.attributes.get(only(elb.balancers).LoadBalancerArn)).toMatchObject({
    'load_balancing.cross_zone.enabled': 'true',
  });
  expect(
    (await calls(() => balancers.ensure(ref(), wanted, [at('10.0.0.1')]))).every((c) =>
      c.startsWith('Describe'),
    ),
  ).toBe(true);
});

test('throttles are waited out', async () => {
  elb.failNext('CreateLoadBalancer', 'Throttling');
  elb.failNext('CreateLoadBalancer', 'ServiceUnavailable', 'server');
  await balancers.ensure(ref(), service(), []);
  expect(elb.balancers.size).toBe(1);
});

test('a quota is told in its own words', async () => {
  elb.failNext('CreateLoadBalancer', 'TooManyLoadBalancersException');
  await expect(balancers.ensure(ref(), service(), [])).rejects.toMatchObject({
    reason: 'TooManyRequests',
    message: expect.stringContaining('TooManyLoadBalancersException'),
  });
});

describe('annotations', () => {
  test.each<[string, Service, string, object]>([
    ['internal', service(aws({ scheme: 'internal' })), 'CreateLoadBalancer', { Scheme: 'internal' }],
    ['name', service(aws({ name: 'mine' })), 'CreateLoadBalancer', { Name: 'mine' }],
    [
      'subnets',
      service(aws({ subnets: 'subnet-a, subnet-b' })),
      'CreateLoadBalancer',
      { Subnets: ['subnet-a', 'subnet-b'] },
    ],
    [
      'Elastic IPs',
      service(aws({ subnets: 'subnet-a', 'eip-allocations': 'eipalloc-1' })),
      'CreateLoadBalancer',
      { SubnetMappings: [{ SubnetId: 'subnet-a', AllocationId: 'eipalloc-1' }] },
    ],
    [
      'own groups',
      service(aws({ 'security-groups': 'sg-1' })),
      'CreateLoadBalancer',
      { SecurityGroups: ['sg-pods', 'sg-1'] },
    ],
    [
      'attributes',
      service(aws({ attributes: 'deletion_protection.enabled=true' })),
      'ModifyLoadBalancerAttributes',
      { Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] },
    ],
    [
      'health check',
      service(
        aws({
          'healthcheck-protocol': 'HTTP',
          'healthcheck-path': '/ok',
          'healthcheck-port': '9000',
          'healthcheck-interval': '5',
        }),
      ),
      'CreateTargetGroup',
      {
        HealthCheckProtocol: 'HTTP',
        HealthCheckPath: '/ok',
        HealthCheckPort: '9000',
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 5,
      },
    ],
    [
      'TLS',
      service(aws({ 'ssl-cert': 'arn:aws:acm:x:1:certificate/a', 'ssl-ports': '80' })),
      'CreateListener',
      {
        Protocol: 'TLS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        Certificates: [{ CertificateArn: 'arn:aws:acm:x:1:certificate/a' }],
      },
    ],
    [
      'no TLS on other ports',
      service(aws({ 'ssl-cert': 'arn:aws:acm:x:1:certificate/a', 'ssl-ports': '443' })),
      'CreateListener',
      { Protocol: 'TCP' },
    ],
    [
      'TLS to the Pods',
      service(aws({ 'ssl-cert': 'arn:aws:acm:x:1:certificate/a', 'backend-protocol': 'ssl' })),
      'CreateTargetGroup',
      { Protocol: 'TLS' },
    ],
    [
      'further certificates',
      service(aws({ 'ssl-cert': 'arn:aws:acm:x:1:certificate/a,arn:aws:acm:x:1:certificate/b' })),
      'AddListenerCertificates',
      { Certificates: [{ CertificateArn: 'arn:aws:acm:x:1:certificate/b' }] },
    ],
    [
      'target group attributes',
      service(
        aws({ 'proxy-protocol': '*', 'target-group-attributes': 'deregistration_delay.timeout_seconds=5' }),
      ),
      'ModifyTargetGroupAttributes',
      {
        Attributes: expect.arrayContaining([
          { Key: 'deregistration_delay.timeout_seconds', Value: '5' },
          { Key: 'proxy_protocol_v2.enabled', Value: 'true' },
        ]),
      },
    ],
    [
      'the client address is kept for externalTrafficPolicy Local',
      service({}, { externalTrafficPolicy: 'Local' }),
      'ModifyTargetGroupAttributes',
      { Attributes: expect.arrayContaining([{ Key: 'preserve_client_ip.enabled', Value: 'true' }]) },
    ],
    [
      'source ranges',
      service({ 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8,2001:db8::/32' }),
      'AuthorizeSecurityGroupIngress',
      {
        IpPermissions: [
          expect.objectContaining({ IpRanges: [expect.objectContaining({ CidrIp: '10.0.0.0/8' })] }),
          expect.objectContaining({ Ipv6Ranges: [expect.objectContaining({ CidrIpv6: '2001:db8::/32' })] }),
        ],
      },
    ],
    [
      "the spec's source ranges come first",
      service(
        { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' },
        { loadBalancerSourceRanges: ['192.0.2.0/24'] },
      ),
      'AuthorizeSecurityGroupIngress',
      {
        IpPermissions: [
          expect.objectContaining({ IpRanges: [expect.objectContaining({ CidrIp: '192.0.2.0/24' })] }),
        ],
      },
    ],
    [
      'tags',
      service(aws({ 'additional-resource-tags': 'team=a,shallop.dev/uid=stolen' })),
      'CreateLoadBalancer',
      {
        Tags: expect.arrayContaining([
          { Key: 'team', Value: 'a' },
          { Key: 'shallop.dev/uid', Value: 'uid-web' },
        ]),
      },
    ],
    ['UDP', service({}, { ports: [{ port: 53, protocol: 'UDP' }] }), 'CreateListener', { Protocol: 'UDP' }],
    [
      'TCP and UDP on one port',
      service(
        {},
        {
          ports: [
            { name: 'a', port: 53, protocol: 'UDP' },
            { name: 'b', port: 53 },
          ],
        },
      ),
      'CreateListener',
      { Protocol: 'TCP_UDP' },
    ],
  ])('%s', async (_, wanted, request, input) => {
    await balancers.ensure(ref(), wanted, []);
    expect(sent(request)).toHaveLength(1);
    expect(sent(request)[0]).toMatchObject(input);
    expect(
      (await calls(() => balancers.ensure(ref(), wanted, []))).filter((c) => !c.startsWith('Describe')),
    ).toEqual([]);
  });

  test.each([
    ['type', 'classic'],
    ['nlb-target-type', 'instance'],
    ['scheme', 'public'],
    ['name', 'x'.repeat(33)],
    ['subnets', 'my-subnet'],
    ['security-groups', 'mine'],
    ['eip-allocations', 'eipalloc-1,eipalloc-2'],
    ['ssl-cert', 'cert'],
    ['backend-protocol', 'http'],
    ['healthcheck-interval', '1'],
    ['healthcheck-timeout', '60'],
    ['attributes', 'novalue'],
    ['proxy-protocol', 'yes'],
  ])('%s: %s is refused by name, and nothing is asked of AWS', async (key, value) => {
    const wrong = service(aws({ [key]: value }));
    await expect(balancers.ensure(ref(), wrong, [])).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining(`aws-load-balancer-${key}`),
    });
    expect(elb.calls).toEqual([]);
  });

  test('SCTP, and TCP beside UDP with another target, are refused', async () => {
    const ports = (...list: ServicePort[]) => balancers.ensure(ref(), service({}, { ports: list }), []);
    await expect(ports({ port: 1, protocol: 'SCTP' })).rejects.toMatchObject({ reason: 'Invalid' });
    await expect(
      ports({ name: 'a', port: 1 }, { name: 'b', port: 1, targetPort: 2, protocol: 'UDP' }),
    ).rejects.toMatchObject({ reason: 'Invalid' });
  });

  test.each<[string, Service]>([
    [
      'by the spec',
      service(aws({ 'ssl-cert': 'arn:aws:acm:x:1:certificate/a' }), { sessionAffinity: 'ClientIP' }),
    ],
    [
      'by an annotation',
      service(
        aws({
          'ssl-cert': 'arn:aws:acm:x:1:certificate/a',
          'target-group-attributes': 'stickiness.enabled=true',
        }),
      ),
    ],
  ])('stickiness with TLS is refused (%s)', async (_, wrong) => {
    await expect(balancers.ensure(ref(), wrong, [])).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining('spec.sessionAffinity'),
    });
    expect(elb.calls).toEqual([]);
  });

  test('a name that is taken by somebody else is left alone', async () => {
    await balancers.ensure(ref('other'), service(aws({ name: 'mine' })), []);
    await expect(balancers.ensure(ref(), service(aws({ name: 'mine' })), [])).rejects.toMatchObject({
      reason: 'Conflict',
    });
  });
});

describe('changes', () => {
  test.each<[string, Service]>([
    ['scheme', service(aws({ scheme: 'internal' }))],
    ['name', service(aws({ name: 'mine' }))],
    ['a share', service({ 'shallop.dev/shared-lb': 'all' })],
  ])('%s: it moves to another load balancer and the former is freed', async (_, next) => {
    const before = await balancers.ensure(ref(), service(), [at('10.0.0.1')]);
    next.status = { loadBalancer: { ingress: before } };
    const after = await balancers.ensure(ref(), next, [at('10.0.0.1')]);
    expect(after).not.toEqual(before);
    expect(elb.visit(after[0]!.hostname!, 80)).toBe('10.0.0.1:8080');
    expect([elb.balancers.size, elb.groups.size, elb.listeners.size, elb.securityGroups.size]).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test('the scheme under a chosen name: made anew', async () => {
    await balancers.ensure(ref(), service(aws({ name: 'mine' })), []);
    await balancers.ensure(ref(), service(aws({ name: 'mine', scheme: 'internal' })), []);
    expect(only(elb.balancers).Scheme).toBe('internal');
  });

  test('source ranges and subnets are set, and nothing is made anew', async () => {
    await balancers.ensure(ref(), service(), []);
    const next = service(aws({ subnets: 'subnet-3' }), { loadBalancerSourceRanges: ['10.0.0.0/8'] });
    const writes = (await calls(() => balancers.ensure(ref(), next, []))).filter(
      (c) => !c.startsWith('Describe'),
    );
    expect(writes).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress', 'SetSubnets']);
    expect(only(elb.securityGroups).rules).toHaveLength(1);
  });

  test('source ranges as EC2 tells of them, each once: nothing new is no write', async () => {
    const ranges = ['10.1.2.3/8', '10.0.0.0/8', '2001:DB8::1/64'];
    const wanted = service({}, { loadBalancerSourceRanges: ranges });
    await balancers.ensure(ref(), wanted, []);
    expect(only(elb.securityGroups).rules).toHaveLength(2);
    const next = await calls(() => balancers.ensure(ref(), wanted, []));
    expect(next.filter((c) => !c.startsWith('Describe'))).toEqual([]);
  });

  const two: ServicePort[] = [
    { name: 'a', port: 80 },
    { name: 'b', port: 81 },
  ];

  test('a rule that stands there already holds up no other', async () => {
    await balancers.ensure(ref(), service({}, { ports: two.slice(0, 1) }), []);
    only(elb.securityGroups).rules[0]!.IpRanges![0]!.Description = 'by hand';
    await balancers.ensure(ref(), service({}, { ports: two }), []);
    expect(only(elb.securityGroups).rules.map((rule) => rule.FromPort)).toEqual([80, 81]);
  });

  test('a security group that a run before made and nobody sees yet gets the rules that it lacks', async () => {
    elb.failNext('CreateLoadBalancer', 'Interrupted');
    await expect(balancers.ensure(ref(), service(), [])).rejects.toThrow('Interrupted');
    elb.hidden = 1;
    await balancers.ensure(ref(), service({}, { ports: two }), []);
    expect(only(elb.securityGroups).rules.map((rule) => rule.FromPort)).toEqual([80, 81]);
  });

  test('a full security group has its old rules taken away first', async () => {
    const ranges = (net: number) => Array.from({ length: 40 }, (_, i) => `10.${net}.${i}.0/24`);
    await balancers.ensure(ref(), service({}, { loadBalancerSourceRanges: ranges(1) }), []);
    await balancers.ensure(ref(), service({}, { loadBalancerSourceRanges: ranges(2) }), []);
    expect(only(elb.securityGroups).rules.map((rule) => rule.IpRanges![0]!.CidrIp)).toEqual(ranges(2));
  });

  test('what is no longer asked for is switched off', async () => {
    const sticky = service({}, { sessionAffinity: 'ClientIP', externalTrafficPolicy: 'Local' });
    await balancers.ensure(ref(), sticky, []);
    const attributes = () => elb.attributes.get(only(elb.groups).TargetGroupArn);
    const asked = (value: string) => ({
      'stickiness.enabled': value,
      'preserve_client_ip.enabled': value,
    });
    expect(attributes()).toMatchObject(asked('true'));
    await balancers.ensure(ref(), service(), []);
    expect(attributes()).toMatchObject(asked('false'));
  });

  test('a listener that somebody deleted comes back', async () => {
    await balancers.ensure(ref(), service(), [at('10.0.0.1')]);
    elb.listeners.clear();
    const [ingress] = await balancers.ensure(ref(), service(), [at('10.0.0.1')]);
    expect(elb.visit(ingress!.hostname!, 80)).toBe('10.0.0.1:8080');
  });

  test('to NodePort: freed, and said that there is no such thing here', async () => {
    const made = await balancers.ensure(ref(), service(), []);
    const next: Service = {
      ...service({}, { type: 'NodePort' }),
      status: { loadBalancer: { ingress: made } },
    };
    await expect(balancers.ensure(ref(), next, [])).rejects.toMatchObject({ reason: 'Invalid' });
    expect(elb.left).toEqual([]);
  });

  test('a ClusterIP Service and one of another class cost no call', async () => {
    expect(await balancers.ensure(ref(), service({}, { type: 'ClusterIP' }), [])).toEqual([]);
    expect(await balancers.ensure(ref(), service({}, { loadBalancerClass: 'metallb' }), [])).toEqual([]);
    expect(elb.calls).toEqual([]);
  });
});

describe('shared', () => {
  const shared = (port: number) => service({ 'shallop.dev/shared-lb': 'all' }, { ports: [{ port }] });

  test('listeners with distinct ports stand on one load balancer; the last one takes it along', async () => {
    const [a] = await balancers.ensure(ref('a'), shared(80), [at('10.0.0.1')]);
    const [b] = await balancers.ensure(ref('b'), shared(81), [at('10.0.0.2')]);
    expect(a).toEqual(b);
    expect(elb.balancers.size).toBe(1);
    expect(elb.visit(a!.hostname!, 81)).toBe('10.0.0.2:8080');
    expect(only(elb.securityGroups).rules).toHaveLength(2);
    expect((await balancers.list()).map((r) => r.name).sort()).toEqual(['a', 'b']);
    await balancers.remove(ref('a'));
    expect(elb.visit(a!.hostname!, 80)).toBeUndefined();
    expect(elb.visit(a!.hostname!, 81)).toBe('10.0.0.2:8080');
    expect(only(elb.securityGroups).rules).toHaveLength(1);
    await balancers.remove(ref('b'));
    expect(elb.left).toEqual([]);
  });

  test('a port that another Service has is refused with its name', async () => {
    await balancers.ensure(ref('a'), shared(80), []);
    await expect(balancers.ensure(ref('b'), shared(80), [])).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining('taken by Service ns/a'),
    });
  });
});

test('a security group that is still held does not hold up the removal, and goes with the next', async () => {
  elb.interfacesLinger = true;
  await balancers.ensure(ref(), service(), []);
  await balancers.remove(ref());
  expect(elb.balancers.size).toBe(0);
  expect(await balancers.list()).toEqual([ref()]);
  elb.released();
  await balancers.remove(ref());
  expect(elb.left).toEqual([]);
});

test('a target group that is in use for a moment after its listener is gone passes', async () => {
  await balancers.ensure(ref(), service(), []);
  elb.failNext('DeleteTargetGroup', 'ResourceInUseException');
  await expect(balancers.remove(ref())).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  await balancers.remove(ref());
  expect(elb.left).toEqual([]);
});

test.each(['dev', 'a-very-long-deployment-name'])('names fit into 32 characters (%s)', (deployment) => {
  const long = { ...ref('a-service-with-a-very-long-name-indeed'), uid: 'f'.repeat(36) };
  expect(loadBalancerName(deployment, long, 'internet-facing').length).toBeLessThanOrEqual(32);
  expect(
    targetGroupName(serviceHash(deployment, long), 65535, 'TCP_UDP', 'x'.repeat(32)).length,
  ).toBeLessThanOrEqual(32);
});
