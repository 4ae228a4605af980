import { beforeEach, describe, expect, test } from '@jest/globals';
import { FakeElb } from '../../../../test/support/aws/fakeElb.ts';
import type { HTTPIngressPath, Ingress, IngressSpec } from '../../../shared/kinds/schema/types.ts';
import type { IngressEndpoints, Ingresses, IngressRef } from '../../../shared/ports/cloud.ts';
import { openNetworkLoadBalancers } from '../loadBalancers/index.ts';
import { openApplicationLoadBalancers } from './index.ts';

const ref = (name = 'web'): IngressRef => ({ cluster: 'default', namespace: 'ns', name, uid: `uid-${name}` });
const certificate = 'arn:aws:acm:us-east-1:1:certificate/a';
const alb = (pairs: Record<string, string>) =>
  Object.fromEntries(Object.entries(pairs).map(([k, v]) => [`alb.ingress.kubernetes.io/${k}`, v]));
const path = (service: string, at: string, pathType: HTTPIngressPath['pathType'] = 'Prefix') => ({
  path: at,
  pathType,
  backend: { service: { name: service, port: { number: 80 } } },
});
const ingress = (spec: IngressSpec, annotations: Record<string, string> = {}): Ingress => ({
  metadata: { name: 'web', namespace: 'ns', uid: 'uid-web', annotations: alb(annotations) },
  spec,
});
const hosts = (...rules: [string, ...HTTPIngressPath[]][]): IngressSpec => ({
  rules: rules.map(([host, ...paths]) => ({ ...(host && { host }), http: { paths } })),
});
/** The n-th of them has its Pod at 10.0.0.n. */
const behind = (...services: string[]): IngressEndpoints[] =>
  services.map((service, i) => ({
    service,
    port: 80,
    endpoints: [{ portName: '', address: `10.0.0.${i + 1}`, port: 8080, protocol: 'TCP', ready: true }],
  }));

let elb: FakeElb;
let ingresses: Ingresses;
beforeEach(() => {
  elb = new FakeElb();
  ingresses = openApplicationLoadBalancers(elb.options);
});
const sent = (name: string) => elb.inputs.filter((i) => i.name === name).map((i) => i.input);
const calls = async (work: () => Promise<unknown>) => {
  elb.calls.length = 0;
  await work();
  return [...elb.calls];
};
/** Answers where it can be reached; throws why it cannot be had. */
const points = async (object: Ingress, backends: IngressEndpoints[]) => {
  const outcome = await ingresses.ensure(ref(), [{ ingress: object, isServed: false, backends }]);
  for (const error of outcome.refused.values()) throw error;
  return outcome.points ?? [];
};
const ensure = async (object: Ingress, services: string[]) => {
  const [point] = await points(object, behind(...services));
  return (host: string, at: string, port = 80) => elb.ask(point?.hostname ?? '', port, host, at);
};

const site = ingress(hosts(['a.example.com', path('web', '/'), path('api', '/api')]));

test('what is made is an internet-facing load balancer, guarded, tagged, with targets by address', async () => {
  const ask = await ensure(site, ['web', 'api']);
  expect(sent('CreateLoadBalancer')[0]).toMatchObject({
    Type: 'application',
    Scheme: 'internet-facing',
    Subnets: ['subnet-1', 'subnet-2'],
    SecurityGroups: ['sg-pods', expect.stringMatching(/^sg-\d/)],
  });
  expect(sent('CreateTargetGroup')[0]).toMatchObject({
    TargetType: 'ip',
    Protocol: 'HTTP',
    HealthCheckProtocol: 'HTTP',
    HealthCheckPath: '/',
    Matcher: { HttpCode: '200' },
  });
  for (const tags of elb.tags.values())
    expect(tags).toMatchObject({ 'shallop.dev/deployment': 'dev', 'shallop.dev/kind': 'Ingress' });
  expect(ask('a.example.com', '/')).toBe('10.0.0.1:8080');
  expect(ask('a.example.com', '/api/v1')).toBe('10.0.0.2:8080');
  expect(ask('a.example.com', '/apis')).toBe('10.0.0.1:8080');
  expect(ask('b.example.com', '/')).toBe('404');
});

describe('rules', () => {
  const every = hosts(
    ['', path('any', '/')],
    ['*.example.com', path('wild', '/')],
    [
      'a.example.com',
      path('pattern', '/*/edit', 'ImplementationSpecific'),
      path('short', '/x'),
      path('long', '/x/y/'),
      path('exact', '/x/y', 'Exact'),
    ],
  );
  const services = ['any', 'wild', 'pattern', 'short', 'long', 'exact'];
  test.each([
    { host: 'a.example.com', at: '/x/y', whom: 'exact' },
    { host: 'a.example.com', at: '/x/y/z', whom: 'long' },
    { host: 'a.example.com', at: '/x/z', whom: 'short' },
    { host: 'a.example.com', at: '/xz', whom: 'wild' },
    { host: 'a.example.com', at: '/z/edit', whom: 'pattern' },
    { host: 'b.example.com', at: '/x', whom: 'wild' },
    { host: 'other.org', at: '/x', whom: 'any' },
  ])('$host$at is for $whom', async ({ host, at, whom }) => {
    const ask = await ensure(ingress(every), services);
    expect(ask(host, at)).toBe(`10.0.0.${services.indexOf(whom) + 1}:8080`);
  });

  test('what no rule is about is for the default backend', async () => {
    const defaultBackend = { service: { name: 'rest', port: { number: 80 } } };
    const ask = await ensure(ingress({ ...site.spec, defaultBackend }), ['web', 'api', 'rest']);
    expect(ask('b.example.com', '/')).toBe('10.0.0.3:8080');
  });

  test('a Service without endpoints is 503', async () => {
    const [point] = await points(site, [{ service: 'web', port: 80, endpoints: [] }, ...behind('api')]);
    expect(elb.ask(point!.hostname!, 80, 'a.example.com', '/')).toBe('503');
  });

  test.each([
    { name: 'come', before: ['/', '/c'], after: ['/', '/a/b', '/c', '/d/e/f'] },
    { name: 'go', before: ['/', '/a/b', '/c', '/d/e/f'], after: ['/', '/c'] },
  ])('others are reached at every moment while some $name', async ({ before, after }) => {
    const spec = (paths: string[]) => ingress(hosts(['a.example.com', ...paths.map((p) => path('web', p))]));
    await ensure(spec(before), ['web']);
    const kept = before.filter((p) => after.includes(p));
    const patterns = () =>
      [...elb.rules.values()].flatMap(({ Conditions }) =>
        Conditions.flatMap((c) => c.PathPatternConfig?.Values ?? []),
      );
    const { send } = elb.client;
    elb.client.send = async (command) => {
      const answer = await send(command);
      for (const p of kept) if (p !== '/') expect(patterns()).toContain(p);
      return answer;
    };
    await ensure(spec(after), ['web']);
    expect(elb.rules.size).toBe(after.length);
  });
});

test('annotations that ask for nothing may stand', async () => {
  const idle = { 'auth-type': 'none', 'enable-frontend-nlb': 'false', 'target-type': 'ip' };
  const ask = await ensure(ingress(site.spec!, idle), ['web', 'api']);
  expect(ask('a.example.com', '/')).toBe('10.0.0.1:8080');
});

test('nothing new: only reads', async () => {
  await ensure(site, ['web', 'api']);
  const made = await calls(() => ensure(site, ['web', 'api']));
  expect(made.filter((name) => !name.startsWith('Describe'))).toEqual([]);
  expect(made).toHaveLength(9);
});

test('what somebody changed by hand comes back', async () => {
  const ask = await ensure(site, ['web', 'api']);
  for (const rule of elb.rules.values())
    rule.Actions = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }];
  await ensure(site, ['web', 'api']);
  expect(ask('a.example.com', '/api')).toBe('10.0.0.2:8080');
});

test('a Service that is not named any more loses its target group', async () => {
  await ensure(site, ['web', 'api']);
  await ensure(ingress(hosts(['a.example.com', path('web', '/')])), ['web']);
  expect(elb.groups.size).toBe(1);
  expect(elb.rules.size).toBe(1);
});

test('certificates make HTTPS, and HTTP leads there when asked to', async () => {
  const annotations = {
    'certificate-arn': `${certificate},${certificate}2`,
    'listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]',
    'ssl-redirect': '443',
  };
  const ask = await ensure(ingress({ ...site.spec, tls: [{ hosts: ['a.example.com'] }] }, annotations), [
    'web',
    'api',
  ]);
  expect(ask('a.example.com', '/', 80)).toBe('-> 443');
  expect(ask('a.example.com', '/', 443)).toBe('10.0.0.1:8080');
  expect(sent('AddListenerCertificates')).toMatchObject([
    { Certificates: [{ CertificateArn: `${certificate}2` }] },
  ]);
  const rules = [...elb.securityGroups.values()].flatMap((g) => g.rules.map((r) => r.FromPort));
  expect(rules.sort()).toEqual([443, 80]);
});

test('another scheme is another load balancer, and the old one goes', async () => {
  const [before] = await points(site, behind('web', 'api'));
  const told = {
    ...ingress(site.spec!, { scheme: 'internal' }),
    status: { loadBalancer: { ingress: [before!] } },
  };
  const [after] = await points(told, behind('web', 'api'));
  expect(after).not.toEqual(before);
  expect(elb.balancers.size).toBe(1);
  expect(elb.groups.size).toBe(2);
});

test('a name with capitals is told without: a status has none', async () => {
  const named = ingress(site.spec!, { 'load-balancer-name': 'Site' });
  const [point] = await points(named, behind('web', 'api'));
  expect(point?.hostname).toMatch(/^site-\d+\.elb\.us-east-1\.amazonaws\.com$/);
});

test('it is told once it works, and fails where AWS does', async () => {
  elb.state = 'provisioning';
  expect(await points(site, behind('web', 'api'))).toEqual([]);
  elb.provisioned();
  expect(await points(site, behind('web', 'api'))).toHaveLength(1);
});

test.each(['CreateLoadBalancer', 'CreateTargetGroup', 'CreateListener', 'CreateRule', 'AddTags'])(
  'a run that ended at %s is ended by the next one',
  async (name) => {
    elb.failNext(name, 'ValidationError');
    await expect(ensure(site, ['web', 'api'])).rejects.toThrow();
    const ask = await ensure(site, ['web', 'api']);
    expect(ask('a.example.com', '/api')).toBe('10.0.0.2:8080');
    await ingresses.remove(ref());
    expect(elb.left).toEqual([]);
  },
);

test('Services and Ingresses are listed apart, each removed with all it has', async () => {
  const balancers = openNetworkLoadBalancers(elb.options);
  await ensure(site, ['web', 'api']);
  const service = {
    metadata: { name: 'web' },
    spec: { type: 'LoadBalancer' as const, ports: [{ port: 80 }] },
  };
  await balancers.ensure({ ...ref(), uid: 'uid-service' }, service, []);
  expect(await ingresses.list()).toEqual([ref()]);
  expect(await balancers.list()).toEqual([{ ...ref(), uid: 'uid-service' }]);
  await balancers.remove({ ...ref(), uid: 'uid-service' });
  expect(await ingresses.list()).toEqual([ref()]);
  await ingresses.remove(ref());
  expect(elb.left).toEqual([]);
});

test.each([
  { annotations: { 'auth-type': 'oidc' }, says: 'annotations[alb.ingress.kubernetes.io/auth-type]' },
  { annotations: { 'wafv2-acl-arn': 'arn:aws:wafv2:x' }, says: 'wafv2-acl-arn' },
  { annotations: { 'target-type': 'instance' }, says: 'must be one of: ip' },
  { annotations: { scheme: 'public' }, says: 'must be one of: internet-facing, internal' },
  { annotations: { 'listen-ports': '[{"TCP": 80}]' }, says: 'listen-ports' },
  {
    annotations: { 'listen-ports': '[{"HTTPS": 443}]' },
    spec: hosts(['', path('web', '/')]),
    says: 'HTTPS needs a host that ACM has a certificate for',
  },
  { annotations: { 'ssl-redirect': '443' }, says: 'listener does not exist for SSLRedirect port: 443' },
  { annotations: { 'healthcheck-timeout-seconds': '60' }, says: 'must be shorter than the interval' },
  { annotations: { 'success-codes': 'ok' }, says: 'success-codes' },
  { spec: { tls: [{ hosts: ['a.example.com'] }] }, says: 'spec.tls' },
  { spec: { defaultBackend: { resource: { kind: 'B', name: 'b' } } }, says: 'backends are Services' },
  { spec: hosts(['', path('a', '/*')]), says: 'wildcards need the pathType ImplementationSpecific' },
  {
    spec: hosts(['', ...Array.from({ length: 101 }, (_, i) => path('a', `/${i}`))]),
    says: 'at most 100 rules',
  },
])('$says is refused, and nothing is made', async ({ annotations, spec, says }) => {
  await expect(
    ensure(ingress({ ...site.spec, ...spec }, annotations as never), ['web', 'api']),
  ).rejects.toMatchObject({
    reason: 'Invalid',
    message: expect.stringContaining(says),
  });
  expect(elb.calls).toEqual([]);
});
