import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import { beginPki } from '../../pki/index.ts';
import { closeness } from './grpc.ts';
import type {
  BackendTLSPolicy,
  Gateway,
  GRPCMethodMatch,
  GRPCRoute,
  HTTPRoute,
  Listener,
  TLSRoute,
} from './kinds.ts';
import { classToMake, type Observed, plan } from './plan.ts';
import { policyAncestors, routeParents } from './status.ts';

const now = '2026-01-02T03:04:05Z';
let ca = '';
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-gateway-'));
  ca = (await (await beginPki(folder, Date.now()))(['a.example.com'])).ca;
  await rm(folder, { recursive: true });
});

const gateway = (...listeners: Listener[]): Gateway => ({
  metadata: { name: 'gw', namespace: 'infra', uid: 'gw' },
  spec: { gatewayClassName: 'shallop', listeners },
});
const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
const passing: Listener = { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
const parentRefs = [{ name: 'gw' }];
const backendRefs = [{ name: 'web', port: 80 }];
const metadata = (name: string, day = 1) => ({
  ...{ name, namespace: 'infra' },
  creationTimestamp: `2026-01-0${day}T00:00:00Z`,
});
const service = (ports: NonNullable<Service['spec']>['ports']): Service => ({
  metadata: {},
  spec: { ports },
});

const observed = (more: Partial<Observed>): Observed => ({
  ...{ classes: [classToMake], gateways: [gateway(http)] },
  ...{ httpRoutes: [], grpcRoutes: [], tlsRoutes: [], policies: [], grants: [] },
  ...{ namespaces: new Map(), slices: new Map(), secrets: new Map(), configMaps: new Map() },
  services: new Map([['infra/web', service([{ port: 80 }, { port: 81, name: 'second' }])]]),
  ...more,
});
const grpcRoute = (
  methods: GRPCMethodMatch[],
  name = 'r',
  more: Partial<GRPCRoute['spec']> = {},
): GRPCRoute => ({
  metadata: metadata(name),
  spec: {
    ...{ parentRefs, ...more },
    rules: [{ matches: methods.map((method) => ({ method })), backendRefs }],
  },
});
const said = (planned: ReturnType<typeof plan>, of: string) =>
  planned.routes
    .filter(({ route }) => route.metadata.name === of)
    .flatMap((each) => routeParents(each, now) ?? [])
    .map(({ conditions }) => conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`));

describe('routes of gRPC', () => {
  test.each<[string, GRPCMethodMatch, object]>([
    ['a method', { service: 'a.B', method: 'C' }, { type: 'exact', value: '/a.B/C' }],
    ['a service', { service: 'a.B' }, { type: 'prefix', value: '/a.B' }],
    ['a method of any service', { method: 'C' }, { type: 'regex', value: '/[^/]+/C' }],
    [
      'expressions',
      { type: 'RegularExpression', service: 'a|b' },
      { type: 'regex', value: '/(?:a|b)/(?:[^/]+)' },
    ],
  ])('match %s by the path of its calls', (_, method, path) => {
    const planned = plan(observed({ grpcRoutes: [grpcRoute([method])] }));
    expect(said(planned, 'r')).toEqual([['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
    const { ports, backends } = planned.gateways[0]!.routing!;
    const rule = ports[0]!.hosts[0]!.rules.flat()[0]!;
    expect(rule.match).toEqual({ path });
    expect(backends.get(rule.backends[0]!.backend!)).toMatchObject({ service: 'web', isHttp2: true });
  });

  test('are asked by service, then by method, whatever way they match', () => {
    const methods = [{ method: 'LongerName' }, { service: 'a.B' }, { service: 'a.B', method: 'C' }];
    const planned = plan(observed({ grpcRoutes: [grpcRoute(methods)] }));
    const rules = planned.gateways[0]!.routing!.ports[0]!.hosts[0]!.rules.flat();
    expect(rules.map(({ match }) => match.path.value)).toEqual(['/a.B/C', '/a.B', '/[^/]+/LongerName']);
    expect(closeness('/a.B/C')).toEqual([3, 1]);
  });

  test('leave a host to an older route of HTTP, and are told', () => {
    const older: HTTPRoute = { metadata: metadata('older'), spec: { parentRefs, hostnames: ['a.org'] } };
    const younger = grpcRoute([{ service: 's' }], 'younger', { hostnames: ['a.org'] });
    younger.metadata.creationTimestamp = '2026-01-05T00:00:00Z';
    const planned = plan(observed({ httpRoutes: [older], grpcRoutes: [younger] }));
    expect(said(planned, 'older')[0]![0]).toBe('Accepted=True Accepted');
    expect(said(planned, 'younger')[0]![0]).toBe('Accepted=False HostnameConflict');
    const elsewhere = grpcRoute([{ service: 's' }], 'younger', { hostnames: ['b.org'] });
    const both = plan(observed({ httpRoutes: [older], grpcRoutes: [elsewhere] }));
    expect(said(both, 'younger')[0]![0]).toBe('Accepted=True Accepted');
  });
});

describe('routes of TLS', () => {
  const tlsRoute: TLSRoute = {
    metadata: metadata('r'),
    spec: { parentRefs, hostnames: ['a.example.com'], rules: [{ backendRefs }] },
  };
  test('are handed on by name, with their TLS', () => {
    const planned = plan(observed({ gateways: [gateway(passing)], tlsRoutes: [tlsRoute] }));
    expect(said(planned, 'r')).toEqual([['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
    expect(planned.gateways[0]!.listeners[0]!.judged.supportedKinds.map(({ kind }) => kind)).toEqual([
      'TLSRoute',
    ]);
    const [port] = planned.gateways[0]!.routing!.ports;
    expect(port).toMatchObject({ port: 443, streams: 'encrypted' });
    expect(port!.hosts.map(({ host, rules }) => [host, rules.flat().length])).toEqual([
      ['', 0],
      ['a.example.com', 1],
    ]);
  });

  test('find no listener of HTTP', () => {
    expect(said(plan(observed({ tlsRoutes: [tlsRoute] })), 'r')[0]![0]).toBe(
      'Accepted=False NotAllowedByListeners',
    );
  });

  test('a port has one mode of TLS', () => {
    const ended: Listener = {
      name: 'ended',
      port: 443,
      protocol: 'TLS',
      hostname: 'b.org',
      tls: { mode: 'Terminate' },
    };
    const { listeners } = plan(observed({ gateways: [gateway(passing, ended)] })).gateways[0]!;
    expect(listeners.map(({ judged }) => judged.findings[0]!.reason)).toEqual([
      'ProtocolConflict',
      'ProtocolConflict',
    ]);
    expect(listeners.flatMap(({ judged }) => judged.supportedKinds)).toEqual([]);
  });

  test('a listener that ends TLS needs a certificate', () => {
    const ended: Listener = { name: 'ended', port: 443, protocol: 'TLS', tls: { mode: 'Terminate' } };
    const { listeners } = plan(observed({ gateways: [gateway(ended)] })).gateways[0]!;
    expect(listeners[0]!.judged.findings.at(-1)).toMatchObject({
      status: 'False',
      reason: 'InvalidCertificateRef',
    });
  });
});

describe('policies of TLS towards programs', () => {
  type Validation = BackendTLSPolicy['spec']['validation'];
  const ref = { group: '', kind: 'ConfigMap', name: 'ca' };
  const policy = (
    validation: Partial<Validation>,
    more: Partial<BackendTLSPolicy['spec']> = {},
    name = 'p',
    day = 1,
  ) =>
    ({
      metadata: metadata(name, day),
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: 'web' }],
        validation: { hostname: 'web.internal', ...validation },
        ...more,
      },
    }) satisfies BackendTLSPolicy;
  const route: HTTPRoute = { metadata: metadata('r'), spec: { parentRefs, rules: [{ backendRefs }] } };
  const world = (...policies: BackendTLSPolicy[]) =>
    plan(
      observed({
        httpRoutes: [route],
        policies,
        configMaps: new Map([
          ['infra/ca', { metadata: {}, data: { 'ca.crt': ca } }],
          ['infra/bad', { metadata: {}, data: { 'ca.crt': 'none' } }],
        ]),
        slices: new Map([
          [
            'infra/web',
            [
              {
                metadata: {},
                addressType: 'IPv4' as const,
                ports: [{ port: 8080 }],
                endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
              },
            ],
          ],
        ]),
      }),
    );
  const backend = (planned: ReturnType<typeof plan>) =>
    planned.gateways[0]!.routing!.backends.get('infra/web:80')!;
  const told = (planned: ReturnType<typeof plan>) =>
    planned.policies.map((each) =>
      policyAncestors(each, now).map(({ ancestorRef, conditions }) => [
        ancestorRef.name,
        ...(conditions ?? []).map(({ type, status, reason }) => `${type}=${status} ${reason}`),
      ]),
    );

  test('say which authorities vouch for a program, and its name', () => {
    const planned = world(policy({ caCertificateRefs: [ref] }));
    expect(backend(planned).tls).toMatchObject({ hostname: 'web.internal', authorities: [ca.trim()] });
    expect(told(planned)).toEqual([[['gw', 'Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]]);
  });

  test('may leave it to the authorities of this machine, and name others than the host', () => {
    const names = [
      { type: 'URI', uri: 'spiffe://a/b' },
      { type: 'Hostname', hostname: 'c' },
    ];
    const planned = world(policy({ wellKnownCACertificates: 'System', subjectAltNames: names }));
    expect(backend(planned).tls).toEqual({
      hostname: 'web.internal',
      names: [
        { type: 'URI', value: 'spiffe://a/b' },
        { type: 'DNS', value: 'c' },
      ],
    });
  });

  test.each<[string, Partial<Validation>, Partial<BackendTLSPolicy['spec']>, string[]]>([
    [
      'a ConfigMap that is not there',
      { caCertificateRefs: [{ ...ref, name: 'gone' }] },
      {},
      ['Accepted=False NoValidCACertificate', 'ResolvedRefs=False InvalidCACertificateRef'],
    ],
    [
      'one without a certificate',
      { caCertificateRefs: [{ ...ref, name: 'bad' }] },
      {},
      ['Accepted=False NoValidCACertificate', 'ResolvedRefs=False InvalidCACertificateRef'],
    ],
    [
      'another kind',
      { caCertificateRefs: [{ ...ref, kind: 'Secret' }] },
      {},
      ['Accepted=False NoValidCACertificate', 'ResolvedRefs=False InvalidKind'],
    ],
    [
      'options',
      { caCertificateRefs: [ref] },
      { options: { 'example.com/min': '1.3' } },
      ['Accepted=False Invalid', 'ResolvedRefs=True ResolvedRefs'],
    ],
  ])('that cannot be kept, for %s, send nothing at all', (_, validation, more, conditions) => {
    const planned = world(policy(validation, more));
    expect(told(planned)).toEqual([[['gw', ...conditions]]]);
    expect(backend(planned)).toEqual({ namespace: 'infra', service: 'web', endpoints: [] });
  });

  test('of two for the same Service the older one counts', () => {
    const [older, younger] = [
      policy({ caCertificateRefs: [ref], hostname: 'older' }, {}, 'a', 1),
      policy({ caCertificateRefs: [ref], hostname: 'younger' }, {}, 'b', 2),
    ];
    const planned = world(younger, older);
    expect(backend(planned).tls?.hostname).toBe('older');
    expect(told(planned).map(([ancestor]) => ancestor![1])).toEqual([
      'Accepted=True Accepted',
      'Accepted=False Conflicted',
    ]);
  });

  test('one for another port counts there only', () => {
    const second = { targetRefs: [{ group: '', kind: 'Service', name: 'web', sectionName: 'second' }] };
    expect(backend(world(policy({ caCertificateRefs: [ref] }, second))).tls).toBeUndefined();
  });
});
