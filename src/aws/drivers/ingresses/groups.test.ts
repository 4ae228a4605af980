import { beforeEach, describe, expect, test } from '@jest/globals';
import { FakeElb } from '../../../../test/support/aws/fakeElb.ts';
import type { Asked } from '../../../../test/support/aws/fakeRules.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { IngressSpec } from '../../../shared/kinds/schema/types.ts';
import type { Ingresses, IngressMember, IngressRef } from '../../../shared/ports/cloud.ts';
import { openApplicationLoadBalancers } from './index.ts';

const group: IngressRef = { cluster: 'default', namespace: '', name: 'g', uid: 'group.ingress.k8s.aws/g' };
const arn = (name: string) => `arn:aws:acm:us-east-1:1:certificate/${name}`;
const both = '[{"HTTP": 80}, {"HTTPS": 443}]';

interface Options {
  spec?: IngressSpec;
  /** Of the Service. */
  service?: Record<string, string>;
  isServed?: boolean;
}
const alb = (pairs: Record<string, string>) =>
  Object.fromEntries(Object.entries(pairs).map(([k, v]) => [`alb.ingress.kubernetes.io/${k}`, v]));
const endpoints = (n: number) => [
  { portName: '', address: `10.0.0.${n}`, port: 8080, protocol: 'TCP', ready: true },
];
const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const rule = (host: string, ...paths: string[]) => ({
  ...(host && { host }),
  http: { paths: paths.map((path) => ({ path, pathType: 'Prefix' as const, backend: backend('app') })) },
});
/** The n-th one made: its host is `n.example.com`, its Pod 10.0.0.n. */
const member = (
  n: number,
  annotations: Record<string, string> = {},
  { spec, service, isServed = false }: Options = {},
): IngressMember => ({
  isServed,
  ingress: {
    metadata: {
      namespace: `ns-${n}`,
      name: 'web',
      uid: `uid-${n}`,
      creationTimestamp: `2026-01-01T00:00:0${n}Z`,
      annotations: alb(annotations),
    },
    spec: spec ?? { rules: [rule(`${n}.example.com`, '/')] },
  },
  backends: [{ service: 'app', port: 80, annotations: service && alb(service), endpoints: endpoints(n) }],
});

let elb: FakeElb;
let ingresses: Ingresses;
beforeEach(() => {
  elb = new FakeElb();
  ingresses = openApplicationLoadBalancers(elb.options);
});
const ensure = async (...members: IngressMember[]) => {
  const { points, refused } = await ingresses.ensure(group, members);
  const hostname = points?.[0]?.hostname ?? '';
  return {
    points,
    refused: Object.fromEntries([...refused].map(([uid, { message }]) => [uid, message])),
    ask: (host: string, at = '/', port = 80, asked?: Asked) => elb.ask(hostname, port, host, at, asked),
  };
};
const pod = (n: number) => `10.0.0.${n}:8080`;
const writes = async (work: () => Promise<unknown>) => {
  elb.calls.length = 0;
  await work();
  return elb.calls.filter((name) => !/^(Describe|List)/.test(name));
};

describe('a group', () => {
  test('has one load balancer, and each member its rules and target groups', async () => {
    const { ask, refused } = await ensure(member(1), member(2));
    expect(refused).toEqual({});
    expect([elb.balancers.size, elb.listeners.size, elb.rules.size, elb.groups.size]).toEqual([1, 1, 2, 2]);
    expect([ask('1.example.com'), ask('2.example.com'), ask('3.example.com')]).toEqual([
      pod(1),
      pod(2),
      '404',
    ]);
    expect(await ingresses.list()).toEqual([group]);
    expect(await writes(() => ensure(member(1), member(2)))).toEqual([]);
  });

  test('looks at the rules of its members in their order', async () => {
    const spec = { rules: [rule('', '/')] };
    const first = await ensure(member(2, {}, { spec }), member(1, {}, { spec }));
    expect(first.ask('any')).toBe(pod(2));
    const second = await ensure(member(1, {}, { spec }), member(2, {}, { spec }));
    expect(second.ask('any')).toBe(pod(1));
  });

  test('loses a member with its own rules only, and the last one takes the balancer', async () => {
    const before = await ensure(member(1), member(2));
    const after = await ensure(member(2));
    expect(after.points).toEqual(before.points);
    expect([elb.rules.size, elb.groups.size]).toEqual([1, 1]);
    expect(after.ask('2.example.com')).toBe(pod(2));
    await ingresses.remove(group);
    expect(elb.left).toEqual([]);
  });

  test('of the same name in another logical cluster is another one', async () => {
    await ensure(member(1));
    await ingresses.ensure({ ...group, cluster: 'other' }, [member(1)]);
    expect(elb.balancers.size).toBe(2);
    await ingresses.remove(group);
    expect(await ingresses.list()).toEqual([{ ...group, cluster: 'other' }]);
  });

  test('listens where its members do, each with its own rules there', async () => {
    const { ask } = await ensure(member(1, { 'listen-ports': '[{"HTTP": 8080}]' }), member(2));
    expect([ask('1.example.com', '/', 8080), ask('1.example.com', '/', 80)]).toEqual([pod(1), '404']);
    expect([ask('2.example.com', '/', 8080), ask('2.example.com', '/', 80)]).toEqual(['404', pod(2)]);
    await ensure(member(2));
    expect([...elb.listeners.values()].map((l) => l.Port)).toEqual([80]);
  });

  test('has the certificates of all, and those who leave take theirs along', async () => {
    const one = member(1, { 'certificate-arn': arn('a') });
    const two = member(2, { 'certificate-arn': `${arn('b')},${arn('a')}` });
    await ensure(one, two);
    const further = () => [...elb.certificates.values()].flatMap((set) => [...set]);
    expect([...elb.listeners.values()][0]?.Certificates).toEqual([{ CertificateArn: arn('a') }]);
    expect(further()).toEqual([arn('b')]);
    expect(await writes(() => ensure(one, two))).toEqual([]);
    await ensure(one);
    expect(further()).toEqual([]);
  });

  test('redirects all to HTTPS when one asks for it, to a port that another may bring', async () => {
    const asks = member(1, { 'ssl-redirect': '443' });
    expect((await ensure(asks)).refused['uid-1']).toContain(
      'listener does not exist for SSLRedirect port: 443',
    );
    const brings = member(2, { 'listen-ports': both, 'certificate-arn': arn('a') });
    const { ask, refused } = await ensure(asks, brings);
    expect(refused).toEqual({});
    expect([ask('1.example.com'), ask('2.example.com'), ask('2.example.com', '/', 443)]).toEqual([
      '-> 443',
      '-> 443',
      pod(2),
    ]);
  });

  test('makes no target group to which nothing leads, and frees what an interrupted run forgot', async () => {
    const brings = { 'listen-ports': both, 'certificate-arn': arn('a'), 'ssl-redirect': '443' };
    await ensure(member(1), member(2));
    elb.failNext('DeleteTargetGroup', 'ValidationError');
    await expect(ensure(member(2), member(3, brings))).rejects.toThrow();
    // Nothing leads to it any more, so that it is not seen at the load balancer.
    expect(elb.groups.size).toBe(3);
    await ensure(member(2), member(3, brings));
    expect(elb.groups.size).toBe(1);
    expect(await writes(() => ensure(member(2), member(3, brings)))).toEqual([]);
  });

  test('has the tags and attributes of all', async () => {
    await ensure(
      member(1, { tags: 'team=a,x=1', 'load-balancer-attributes': 'idle_timeout.timeout_seconds=90' }),
      member(2, { tags: 'cost=b', 'load-balancer-attributes': 'deletion_protection.enabled=true' }),
    );
    const [balancer] = elb.balancers.keys();
    expect(elb.tags.get(balancer!)).toMatchObject({ team: 'a', cost: 'b' });
    expect(elb.attributes.get(balancer!)).toEqual({
      'idle_timeout.timeout_seconds': '90',
      'deletion_protection.enabled': 'true',
    });
    const [first] = elb.groups.keys();
    expect(elb.tags.get(first!)).toMatchObject({ team: 'a', 'shallop.dev/name': 'g' });
    expect(elb.tags.get(first!)).not.toHaveProperty('cost');
  });
});

test.each([1, 2, 3, 4, 5])(
  'runs that overlap leave nothing that the next one cannot mend (seed %i)',
  async (seed) => {
    const { random } = seededIds(seed);
    const { send } = elb.client;
    elb.client.send = async (command) => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await Promise.resolve();
      return send(command);
    };
    const [one, two, three] = [member(1), member(2), member(3)];
    for (const views of [
      [[one], [one, two]],
      [[one, two], [three, one, two], [two]],
      [[three, one], [two]],
    ]) {
      await Promise.allSettled(views.map((members) => ensure(...members)));
      const last = views.at(-1)!;
      const { ask } = await ensure(...last);
      for (const n of [1, 2, 3]) {
        const served = last.some(({ ingress }) => ingress.metadata.uid === `uid-${n}`);
        expect(ask(`${n}.example.com`)).toBe(served ? pod(n) : '404');
      }
      expect([elb.balancers.size, elb.groups.size, elb.rules.size]).toEqual([1, last.length, last.length]);
    }
    await ingresses.remove(group);
    expect(elb.left).toEqual([]);
  },
);

describe('what members cannot have together is refused to the newer one, and the older one is served', () => {
  const many = { rules: [rule('', ...Array.from({ length: 60 }, (_, i) => `/${i}`))] };
  const defaults = { rules: [rule('1.example.com', '/')], defaultBackend: backend('app') };
  test.each<{ older?: Record<string, string>; newer?: Record<string, string>; says: string } & Options>([
    {
      older: { scheme: 'internet-facing' },
      newer: { scheme: 'internal' },
      says: 'annotations[alb.ingress.kubernetes.io/scheme]: Invalid value: "internal": conflicting scheme, ns-1/web: internet-facing | ns-2/web: internal',
    },
    {
      older: { 'load-balancer-name': 'a' },
      newer: { 'load-balancer-name': 'b' },
      says: 'conflicting load balancer name, ns-1/web: a | ns-2/web: b',
    },
    {
      older: { subnets: 'subnet-1,subnet-2' },
      newer: { subnets: 'subnet-1' },
      says: 'conflicting subnets, ns-1/web: subnet-1 subnet-2 | ns-2/web: subnet-1',
    },
    {
      older: { 'security-groups': 'sg-1' },
      newer: { 'security-groups': 'sg-2' },
      says: 'conflicting securityGroups',
    },
    {
      older: { 'load-balancer-attributes': 'a=1' },
      newer: { 'load-balancer-attributes': 'b=1,a=2' },
      says: 'conflicting load balancer attribute a: 1 | 2',
    },
    { older: { tags: 'a=1' }, newer: { tags: 'a=2' }, says: 'conflicting tag a: 1 | 2' },
    {
      older: { 'inbound-cidrs': '10.0.0.0/8' },
      newer: { 'inbound-cidrs': '0.0.0.0/0' },
      says: 'conflicting inbound-cidrs, ns-1/web: 10.0.0.0/8 | ns-2/web: 0.0.0.0/0',
    },
    {
      older: { 'certificate-arn': arn('a'), 'listen-ports': '[{"HTTPS": 80}]' },
      newer: {},
      says: 'conflicting protocol, ns-1/web: HTTPS | ns-2/web: HTTP',
    },
    {
      older: { 'certificate-arn': arn('a'), 'ssl-policy': 'P1' },
      newer: { 'certificate-arn': arn('a'), 'ssl-policy': 'P2' },
      says: 'conflicting sslPolicy, ns-1/web: P1 | ns-2/web: P2',
    },
    { spec: defaults, says: 'multiple ingress defined default backend: [ns-1/web ns-2/web]' },
    { spec: many, says: 'Too many: 120: must be at most 100 rules' },
    { newer: { 'auth-type': 'oidc' }, says: 'auth-type' },
  ])('$says', async ({ older, newer, says, spec }) => {
    const all = [member(1, older, { spec }), member(2, newer, { spec })];
    const { points, refused } = await ensure(...all);
    expect(points).toHaveLength(1);
    expect(refused).toEqual({ 'uid-2': expect.stringContaining(says) });
    expect(elb.groups.size).toBe(1);
    expect(await writes(() => ensure(...all))).toEqual([]);
  });

  test('what only one says holds for all', async () => {
    const { refused } = await ensure(
      member(1),
      member(2, { scheme: 'internal', 'inbound-cidrs': '10.0.0.0/8' }),
    );
    expect(refused).toEqual({});
    expect([...elb.balancers.values()].map((b) => b.Scheme)).toEqual(['internal']);
    expect([...elb.securityGroups.values()][0]?.rules).toMatchObject([
      { IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    ]);
  });

  test('the order of rules gives nobody the say', async () => {
    const all = [member(2, { scheme: 'internal' }), member(1, { scheme: 'internet-facing' })];
    expect(Object.keys((await ensure(...all)).refused)).toEqual(['uid-2']);
  });

  test('what one that is served says of the balancer counts on while it has another fault', async () => {
    const base = { scheme: 'internal', 'inbound-cidrs': '10.0.0.0/8' };
    await ensure(member(1, base), member(2));
    const faulty = { ...base, 'healthcheck-path': 'nowhere' };
    const { refused, ask } = await ensure(member(1, faulty, { isServed: true }), member(2));
    expect(refused).toEqual({ 'uid-1': expect.stringContaining('healthcheck-path') });
    expect([...elb.balancers.values()].map((b) => b.Scheme)).toEqual(['internal']);
    expect([...elb.securityGroups.values()][0]?.rules).toMatchObject([
      { IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    ]);
    expect([ask('1.example.com'), ask('2.example.com')]).toEqual(['404', pod(2)]);
    // Who was never served has no say.
    await ensure(member(1, faulty), member(2));
    expect([...elb.balancers.values()].map((b) => b.Scheme)).toEqual(['internet-facing']);
  });

  test('nothing but targets changes while what one that is served says of the balancer cannot be read', async () => {
    const { ask } = await ensure(member(1, { scheme: 'internal' }), member(2));
    const unclear = member(1, { scheme: 'intern' }, { isServed: true });
    const moved = { ...member(2), isServed: true };
    moved.backends[0]!.endpoints = endpoints(7);
    const { points, refused } = await ensure(unclear, moved);
    expect(points).toBeUndefined();
    expect(refused).toEqual({
      'uid-1': expect.stringContaining('must be one of: internet-facing, internal'),
      'uid-2': 'the group waits for the Ingress ns-1/web, whose annotations cannot be honoured',
    });
    expect([ask('1.example.com'), ask('2.example.com')]).toEqual([pod(1), pod(7)]);
    expect(await writes(() => ensure(unclear, moved))).toEqual([]);
  });

  test('none left: nothing changes', async () => {
    await ensure(member(1), member(2));
    const bad = { 'auth-type': 'oidc' };
    for (const isServed of [true, false]) {
      const both = [member(1, bad, { isServed }), member(2, bad)];
      expect(await writes(() => ensure(...both))).toEqual([]);
      expect(await ensure(...both)).toMatchObject({ points: undefined });
    }
  });
});

test('many rules move between listeners without more than fit at a time', async () => {
  const paths = (n: number) => ({
    rules: [rule('', ...Array.from({ length: n }, (_, i) => `/${n}-${i}`))],
  });
  const at = (n: number, port: number, count: number) =>
    member(n, { 'listen-ports': `[{"HTTP": ${port}}]` }, { spec: paths(count) });
  await ensure(at(1, 80, 10), at(2, 90, 90));
  const { refused } = await ensure(at(1, 80, 90), at(2, 90, 10));
  expect(refused).toEqual({});
  expect(elb.rules.size).toBe(100);
});

test("a Service's annotations come before the Ingress's, and are refused like them", async () => {
  const health = { 'healthcheck-path': '/ingress', 'success-codes': '204' };
  await ensure(
    member(1, health, { service: { 'healthcheck-path': '/service', 'backend-protocol': 'HTTPS' } }),
  );
  expect([...elb.groups.values()]).toMatchObject([
    { HealthCheckPath: '/service', Matcher: { HttpCode: '204' }, Protocol: 'HTTPS' },
  ]);
  const { refused } = await ensure(member(1, {}, { service: { 'auth-type': 'oidc' } }));
  expect(refused['uid-1']).toContain('auth-type]: Invalid value: "oidc": is not supported on a Service');
  expect(refused['uid-1']).toContain('(of the Service app)');
});

describe('certificates', () => {
  const https = { 'listen-ports': '[{"HTTPS": 443}]' };
  const tls = { rules: [rule('1.example.com', '/')], tls: [{ hosts: ['www.example.org'] }] };
  beforeEach(() => {
    elb.acm.set(arn('z'), ['*.example.com']);
    elb.acm.set(arn('y'), ['example.net', '1.example.com']);
    elb.acm.set(arn('x'), ['www.example.org']);
    elb.acm.set(arn('w'), ['example.com', 'a.1.example.com', '*.example.org.uk']);
  });

  test('are found in ACM for the hosts of rules and TLS', async () => {
    const one = member(1, https, { spec: tls });
    const { ask } = await ensure(one);
    expect(ask('1.example.com', '/', 443)).toBe(pod(1));
    expect([...elb.listeners.values()][0]?.Certificates).toEqual([{ CertificateArn: arn('x') }]);
    expect([...elb.certificates.values()].map((set) => [...set])).toEqual([[arn('y'), arn('z')]]);
    expect(await writes(() => ensure(one))).toEqual([]);
  });

  test('that the annotation names are taken as they are, and nothing is looked for', async () => {
    await ensure(member(1, { ...https, 'certificate-arn': arn('q') }, { spec: tls }));
    expect([...elb.listeners.values()][0]?.Certificates).toEqual([{ CertificateArn: arn('q') }]);
    expect(elb.calls).not.toContain('ListCertificates');
  });

  test('that are not there are told by the name of the host', async () => {
    const { refused } = await ensure(member(1, https, { spec: { rules: [rule('example.org', '/')] } }));
    expect(refused['uid-1']).toContain('listen-ports');
    expect(refused['uid-1']).toContain('no certificate found for host: example.org');
  });
});

describe('actions and conditions', () => {
  const action = (name: string, path: string, host = '') => ({
    ...(host && { host }),
    http: {
      paths: [
        {
          path,
          pathType: 'ImplementationSpecific' as const,
          backend: { service: { name, port: { name: 'use-annotation' } } },
        },
      ],
    },
  });
  const json = JSON.stringify;
  const toHttps = {
    'listen-ports': both,
    'certificate-arn': arn('a'),
    'actions.ssl-redirect': json({
      type: 'redirect',
      redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' },
    }),
  };

  test('a redirect to HTTPS stands on the HTTP listener only, and hides what comes after it', async () => {
    const spec = { rules: [action('ssl-redirect', '/*'), rule('1.example.com', '/')] };
    const one = member(1, toHttps, { spec });
    const { ask } = await ensure(one);
    expect([ask('1.example.com'), ask('1.example.com', '/x', 443)]).toEqual(['-> 443', pod(1)]);
    expect(elb.rules.size).toBe(2);
    expect(await writes(() => ensure(one))).toEqual([]);
  });

  test('requests are shared out by weight, to Services that only the action names', async () => {
    const targetGroups = [
      { serviceName: 'app', servicePort: 80, weight: 90 },
      { serviceName: 'canary', servicePort: 80, weight: 10 },
    ];
    const forwardConfig = {
      targetGroups,
      targetGroupStickinessConfig: { enabled: true, durationSeconds: 60 },
    };
    const annotations = { 'actions.split': json({ type: 'forward', forwardConfig }) };
    const one = member(1, annotations, { spec: { rules: [action('split', '/*')] } });
    one.backends.push({ service: 'canary', port: 80, endpoints: endpoints(2) });
    await ensure(one);
    const nameOf = (group: string) => [...(elb.groups.get(group)?.targets.keys() ?? [])][0];
    const [forwarded] = [...elb.rules.values()].map(({ Actions }) => Actions[0]?.ForwardConfig);
    const weights = forwarded?.TargetGroups.map((g) => [nameOf(g.TargetGroupArn), g.Weight]);
    expect(weights).toEqual([
      [pod(1), 90],
      [pod(2), 10],
    ]);
    expect(forwarded?.TargetGroupStickinessConfig).toEqual({ Enabled: true, DurationSeconds: 60 });
    expect(await writes(() => ensure(one))).toEqual([]);
    await ingresses.remove(group);
    expect(elb.left).toEqual([]);
  });

  test('a target group of somebody else is led to and left alone', async () => {
    const TargetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/foreign/1';
    const annotations = { 'actions.old': json({ type: 'forward', targetGroupARN: TargetGroupArn }) };
    const one = member(1, annotations, { spec: { rules: [action('old', '/*')] } });
    await ensure(one);
    expect([...elb.rules.values()][0]?.Actions).toEqual([{ Type: 'forward', TargetGroupArn }]);
    expect(await writes(() => ensure(one))).toEqual([]);
  });

  test('a fixed response may be the default', async () => {
    const response = { statusCode: '200', messageBody: 'hello', contentType: 'text/html' };
    const annotations = { 'actions.hello': json({ type: 'fixed-response', fixedResponseConfig: response }) };
    const defaultBackend = { service: { name: 'hello', port: { name: 'use-annotation' } } };
    const one = member(1, annotations, { spec: { defaultBackend } });
    const { ask } = await ensure(one);
    expect(ask('any')).toBe('200');
    expect(await writes(() => ensure(one))).toEqual([]);
  });

  const on = (...conditions: object[]) => ({ 'conditions.app': json(conditions) });
  const header = { httpHeaderName: 'X-Canary', values: ['always', 'a*'] };
  test.each<{ field: string; annotations: Record<string, string>; yes: Asked; no: Asked }>([
    {
      field: 'http-header',
      annotations: on({ field: 'http-header', httpHeaderConfig: header }),
      yes: { headers: { 'X-Canary': 'abc' } },
      no: { headers: { 'X-Canary': 'no' } },
    },
    {
      field: 'http-request-method',
      annotations: on({ field: 'http-request-method', httpRequestMethodConfig: { Values: ['PUT', 'POST'] } }),
      yes: { method: 'POST' },
      no: { method: 'GET' },
    },
    {
      field: 'query-string',
      annotations: on({
        field: 'query-string',
        queryStringConfig: { values: [{ key: 'version', value: '2' }, { value: 'beta' }] },
      }),
      yes: { query: { any: 'beta' } },
      no: { query: { any: '2' } },
    },
    {
      field: 'source-ip',
      annotations: on({ field: 'source-ip', sourceIpConfig: { values: ['192.0.2.1/32'] } }),
      yes: { ip: '192.0.2.1' },
      no: { ip: '192.0.2.2' },
    },
  ])('$field is asked for beside host and path', async ({ annotations, yes, no }) => {
    const one = member(1, annotations);
    const { ask } = await ensure(one);
    expect(ask('1.example.com', '/', 80, yes)).toBe(pod(1));
    expect(ask('1.example.com', '/', 80, no)).toBe('404');
    expect(ask('2.example.com', '/', 80, yes)).toBe('404');
    expect(await writes(() => ensure(one))).toEqual([]);
  });

  test('hosts and paths stand beside those of the Ingress', async () => {
    const conditions = on(
      { field: 'host-header', hostHeaderConfig: { values: ['Other.org', '1.EXAMPLE.com'] } },
      { field: 'path-pattern', pathPatternConfig: { values: ['/y'] } },
    );
    const { ask } = await ensure(member(1, conditions, { spec: { rules: [rule('1.example.com', '/x')] } }));
    for (const host of ['1.example.com', 'other.org'])
      expect([ask(host, '/x/z'), ask(host, '/y'), ask(host, '/z')]).toEqual([pod(1), pod(1), '404']);
  });

  test('hosts stay in the order in which they were written', async () => {
    const spec = { rules: [action('stop', '/*'), rule('1.example.com', '/')] };
    const stop = json({ type: 'fixed-response', fixedResponseConfig: { statusCode: '503' } });
    const { ask } = await ensure(member(1, { 'actions.stop': stop }, { spec }));
    expect(ask('1.example.com')).toBe('503');
  });

  const values = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);
  test.each([
    { conditions: '{}', says: 'must be a list of conditions in JSON' },
    { conditions: '[{"field": "moon"}]', says: 'unknown condition field: moon' },
    { conditions: '[{"field": "source-ip"}]', says: 'missing sourceIPConfig' },
    { conditions: json([{ field: 'http-header', httpHeaderConfig: {} }]), says: 'values cannot be empty' },
    {
      conditions: json([{ field: 'http-header', httpHeaderConfig: { values: ['a'] } }]),
      says: 'missing httpHeaderName',
    },
    {
      conditions: json([{ field: 'host-header', hostHeaderConfig: { regexValues: ['a'] } }]),
      says: 'regexValues is not supported',
    },
    {
      conditions: json([{ field: 'query-string', queryStringConfig: { values: [{ key: 'a' }] } }]),
      says: 'value cannot be empty',
    },
    {
      conditions: json([{ field: 'host-header', hostHeaderConfig: { values: values(5) } }]),
      says: 'a rule has at most 5 values, those of its host and path too: here 6',
    },
    {
      conditions: json(values(2).map((v) => ({ field: 'source-ip', sourceIPConfig: { values: [v] } }))),
      says: 'has source-ip more than once',
    },
  ])('$says is refused under the name of the annotation', async ({ conditions, says }) => {
    const { refused } = await ensure(member(1, { 'conditions.app': conditions }));
    expect(refused['uid-1']).toContain('annotations[alb.ingress.kubernetes.io/conditions.app]');
    expect(refused['uid-1']).toContain(says);
    expect(elb.calls).toEqual([]);
  });

  test('an action that cannot be had is refused under its name', async () => {
    const spec = { rules: [action('split', '/*')] };
    const { refused } = await ensure(member(1, { 'actions.split': json({ type: 'forward' }) }, { spec }));
    expect(refused['uid-1']).toContain('annotations[alb.ingress.kubernetes.io/actions.split]');
    expect(refused['uid-1']).toContain('missing ForwardConfig or TargetGroupARN/TargetGroupName');
  });
});
