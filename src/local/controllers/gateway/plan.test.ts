import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Secret, Service } from '../../../shared/kinds/schema/types.ts';
import type { Gateway, GatewayClass, HTTPRoute, Listener, ReferenceGrant, Route } from './kinds.ts';
import { classToMake, type Observed, plan } from './plan.ts';
import { gatewayStatus, routeParents } from './status.ts';

const now = '2026-01-02T03:04:05Z';
const usable = { 'tls.crt': '', 'tls.key': '' };
beforeAll(async () => {
  const { beginPki } = await import('../../pki/index.ts');
  const { mkdtemp, rm } = await import('node:fs/promises');
  const folder = await mkdtemp('/tmp/shallop-gateway-plan-');
  const { server } = await (await beginPki(folder, Date.now()))(['a.example.com']);
  await rm(folder, { recursive: true });
  usable['tls.crt'] = Buffer.from(server.certificate).toString('base64');
  usable['tls.key'] = Buffer.from(server.key).toString('base64');
});

type Spec<T extends { spec: object }> = Partial<T['spec']>;

const gateway = (spec: Spec<Gateway> & { listeners: Listener[] }, name = 'gw'): Gateway => ({
  metadata: { name, namespace: 'infra', uid: name, generation: 7 },
  spec: { gatewayClassName: 'shallop', ...spec },
});
const http: Listener = { name: 'http', port: 80, protocol: 'HTTP' };
const https = (ref: object, more: Partial<Listener> = {}): Listener => ({
  ...{ name: 'https', port: 443, protocol: 'HTTPS' },
  tls: { certificateRefs: [ref as { name: string }] },
  ...more,
});
const route = (spec: Spec<HTTPRoute> = {}, namespace = 'infra', name = 'r'): HTTPRoute => ({
  metadata: { name, namespace, generation: 3, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { parentRefs: [{ name: 'gw', namespace: 'infra' }], ...spec },
});
const service = (namespace: string, name: string, port = 80, appProtocol?: string): [string, Service] => [
  `${namespace}/${name}`,
  { metadata: {}, spec: { ports: [{ port, ...(appProtocol && { appProtocol }) }] } },
];
const secret = (data: Record<string, string>): Secret => ({ metadata: {}, data });
const grant = (namespace: string, from: string, kind: string, to: object): ReferenceGrant => ({
  metadata: { name: 'g', namespace },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind, namespace: from }],
    to: [{ group: '', kind: 'Service', ...to }],
  },
});

const observed = (more: Partial<Observed> = {}): Observed => ({
  classes: [classToMake],
  gateways: [],
  httpRoutes: [],
  grpcRoutes: [],
  tlsRoutes: [],
  policies: [],
  configMaps: new Map(),
  grants: [],
  namespaces: new Map(['infra', 'apps'].map((name) => [name, { metadata: { name, labels: { is: name } } }])),
  services: new Map([
    service('infra', 'web'),
    service('apps', 'web'),
    service('infra', 'foreign', 80, 'example.com/other'),
    service('infra', 'loud', 80, 'HTTP'),
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
  secrets: new Map(),
  ...more,
});

const short = (conditions: { type: string; status: string; reason: string }[] = []) =>
  conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);

/** What is said of the only Gateway, if the machine can serve all of it. */
function statusOf(facts: Partial<Observed>) {
  const [only] = plan(observed(facts)).gateways;
  const outcome = only!.routing && {
    address: '127.96.1.2',
    ports: new Map(only!.routing.ports.map(({ port }) => [port, { port }])),
  };
  return gatewayStatus(only!, outcome, now);
}

/** What is said of the only route. */
const toldRoute = (only: HTTPRoute, facts: Partial<Observed> = {}) =>
  (
    routeParents(
      plan(observed({ gateways: [gateway({ listeners: [http] })], ...facts, httpRoutes: [only] })).routes[0]!,
      now,
    ) ?? []
  ).map(({ conditions }) => short(conditions));

describe('classes', () => {
  test.each<[string, Partial<GatewayClass['spec']>, string[]]>([
    ['ours is accepted', {}, ['Accepted=True Accepted']],
    ['one with parameters is not', { parametersRef: {} }, ['Accepted=False InvalidParameters']],
    ['that of others is left alone', { controllerName: 'example.com/other' }, []],
  ])('%s', (_, spec, said) => {
    const classes = [{ ...classToMake, spec: { ...classToMake.spec, ...spec } }];
    const planned = plan(observed({ classes, gateways: [gateway({ listeners: [http] })] }));
    expect(short(planned.classes.map(({ finding }) => finding))).toEqual(said);
    expect(planned.gateways).toHaveLength(said[0]?.includes('True') ? 1 : 0);
  });
});

describe('listeners', () => {
  const refused = secret({ 'tls.crt': 'bm9uZQ==', 'tls.key': 'bm9uZQ==' });
  test.each<[string, Listener[], string[][]]>([
    [
      'HTTP is served',
      [http],
      [
        [
          'Accepted=True Accepted',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=True ResolvedRefs',
          'Programmed=True Programmed',
        ],
      ],
    ],
    [
      'HTTPS with a certificate is served',
      [https({ name: 'good' })],
      [
        [
          'Accepted=True Accepted',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=True ResolvedRefs',
          'Programmed=True Programmed',
        ],
      ],
    ],
    ...[
      ['a Secret that is not there', { name: 'none' }],
      ['a Secret without a certificate', { name: 'bad' }],
      ['a kind that is no Secret', { kind: 'ConfigMap', name: 'good' }],
      ['a group that is not the core', { group: 'example.com', name: 'good' }],
    ].map(([what, ref]): [string, Listener[], string[][]] => [
      `HTTPS with ${what} is not`,
      [https(ref as object)],
      [
        [
          'Accepted=True Accepted',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=False InvalidCertificateRef',
          'Programmed=False Invalid',
        ],
      ],
    ]),
    [
      'HTTPS with a Secret of another namespace is not',
      [https({ name: 'good', namespace: 'apps' })],
      [
        [
          'Accepted=True Accepted',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=False RefNotPermitted',
          'Programmed=False Invalid',
        ],
      ],
    ],
    [
      'other protocols are not',
      [{ ...http, protocol: 'TCP' }],
      [
        [
          'Accepted=False UnsupportedProtocol',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=True ResolvedRefs',
          'Programmed=False Invalid',
        ],
      ],
    ],
    [
      'TLS that passes through is not',
      [https({ name: 'good' }, { tls: { mode: 'Passthrough' } })],
      [
        [
          'Accepted=False UnsupportedValue',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=True ResolvedRefs',
          'Programmed=False Invalid',
        ],
      ],
    ],
    [
      'two for the same hostname conflict',
      [http, { ...http, name: 'again' }],
      [1, 2].map(() => [
        'Accepted=False HostnameConflict',
        'Conflicted=True HostnameConflict',
        'ResolvedRefs=True ResolvedRefs',
        'Programmed=False Invalid',
      ]),
    ],
    [
      'two protocols on a port conflict',
      [http, https({ name: 'good' }, { port: 80, hostname: 'a.org' })],
      [1, 2].map(() => [
        'Accepted=False ProtocolConflict',
        'Conflicted=True ProtocolConflict',
        'ResolvedRefs=True ResolvedRefs',
        'Programmed=False Invalid',
      ]),
    ],
    [
      'a kind of routes that is not served is told',
      [{ ...http, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }, { kind: 'HTTPRoute' }] } }],
      [
        [
          'Accepted=True Accepted',
          'Conflicted=False NoConflicts',
          'ResolvedRefs=False InvalidRouteKinds',
          'Programmed=True Programmed',
        ],
      ],
    ],
  ])('%s', (_, listeners, said) => {
    const secrets = new Map([
      ['infra/good', secret(usable)],
      ['infra/bad', refused],
      ['apps/good', secret(usable)],
    ]);
    const status = statusOf({ gateways: [gateway({ listeners })], secrets });
    expect(status.listeners?.map(({ conditions }) => short(conditions))).toEqual(said);
  });

  test('another namespace lends its Secret to those whom it names', () => {
    const permitted = grant('apps', 'infra', 'Gateway', { kind: 'Secret', name: 'good' });
    const of = (name: string) =>
      short(
        statusOf({
          gateways: [gateway({ listeners: [https({ name, namespace: 'apps' })] })],
          secrets: new Map([
            ['apps/good', secret(usable)],
            ['apps/else', secret(usable)],
          ]),
          grants: [permitted],
        }).listeners![0]!.conditions,
      )[2];
    expect([of('good'), of('else')]).toEqual([
      'ResolvedRefs=True ResolvedRefs',
      'ResolvedRefs=False RefNotPermitted',
    ]);
  });
});

describe('Gateways', () => {
  test.each<[string, Spec<Gateway>, string[]]>([
    ['are served', {}, ['Accepted=True Accepted', 'Programmed=True Programmed']],
    [
      'with other addresses than IP are not',
      { addresses: [{ type: 'Hostname', value: 'a.org' }] },
      ['Accepted=False UnsupportedAddress', 'Programmed=False Invalid'],
    ],
    [
      'with parameters are not',
      { infrastructure: { parametersRef: {} } },
      ['Accepted=False InvalidParameters', 'Programmed=False Invalid'],
    ],
    [
      'that ask clients for certificates are not',
      { tls: { frontend: {} } },
      ['Accepted=False UnsupportedValue', 'Programmed=False Invalid'],
    ],
    [
      'with one bad listener serve the others',
      { listeners: [http, { ...http, name: 'tcp', protocol: 'TCP' }] },
      ['Accepted=True ListenersNotValid', 'Programmed=True Programmed'],
    ],
    [
      'without a good listener do not',
      { listeners: [{ ...http, protocol: 'TCP' }] },
      ['Accepted=False ListenersNotValid', 'Programmed=False Invalid'],
    ],
  ])('%s', (_, spec, said) => {
    expect(short(statusOf({ gateways: [gateway({ listeners: [http], ...spec })] }).conditions)).toEqual(said);
  });

  test('say so when an address cannot be had', () => {
    const [only] = plan(
      observed({ gateways: [gateway({ listeners: [http], addresses: [{ value: '192.0.2.1' }] })] }),
    ).gateways;
    const status = gatewayStatus(only!, { ports: new Map() }, now);
    expect(short(status.conditions)).toEqual(['Accepted=True Accepted', 'Programmed=False AddressNotUsable']);
    expect(status.addresses).toEqual([]);
  });

  test('keep the time of conditions that did not change, and conditions of others', () => {
    const before = gateway({ listeners: [http] });
    const condition = (type: string, status: 'True' | 'False') => ({
      type,
      status,
      reason: 'R',
      message: '',
      lastTransitionTime: '2020-01-01T00:00:00Z',
    });
    before.status = {
      conditions: [
        condition('Accepted', 'True'),
        condition('Programmed', 'False'),
        condition('example.com/Seen', 'True'),
      ],
    };
    const times = statusOf({ gateways: [before] }).conditions?.map(
      ({ type, lastTransitionTime, observedGeneration }) => [type, lastTransitionTime, observedGeneration],
    );
    expect(times).toEqual([
      ['Accepted', '2020-01-01T00:00:00Z', 7],
      ['Programmed', now, 7],
      ['example.com/Seen', '2020-01-01T00:00:00Z', undefined],
    ]);
  });
});

describe('routes', () => {
  const ok = 'ResolvedRefs=True ResolvedRefs';
  const narrow = (more: Partial<Listener>) => ({
    gateways: [gateway({ listeners: [{ ...http, ...more }] })],
  });
  test.each<[string, HTTPRoute, Partial<Observed>, string[][]]>([
    ['attach to a Gateway of their namespace', route(), {}, [['Accepted=True Accepted', ok]]],
    ['to none that is not there', route({ parentRefs: [{ name: 'other' }] }), {}, []],
    ['to no Service', route({ parentRefs: [{ kind: 'Service', group: '', name: 'gw' }] }), {}, []],
    [
      'to a listener by name and port',
      route({ parentRefs: [{ name: 'gw', sectionName: 'http', port: 80 }] }),
      {},
      [['Accepted=True Accepted', ok]],
    ],
    [
      'to no listener of another name',
      route({ parentRefs: [{ name: 'gw', sectionName: 'tls' }] }),
      {},
      [['Accepted=False NoMatchingParent', ok]],
    ],
    [
      'to no listener of another port',
      route({ parentRefs: [{ name: 'gw', sectionName: 'http', port: 81 }] }),
      {},
      [['Accepted=False NoMatchingParent', ok]],
    ],
    [
      'from another namespace they may not',
      route({}, 'apps'),
      {},
      [['Accepted=False NotAllowedByListeners', ok]],
    ],
    [
      'unless all may',
      route({}, 'apps'),
      narrow({ allowedRoutes: { namespaces: { from: 'All' } } }),
      [['Accepted=True Accepted', ok]],
    ],
    [
      'or its labels are selected',
      route({}, 'apps'),
      narrow({
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { is: 'apps' } } } },
      }),
      [['Accepted=True Accepted', ok]],
    ],
    [
      'or all are selected',
      route({}, 'apps'),
      narrow({ allowedRoutes: { namespaces: { from: 'Selector', selector: {} } } }),
      [['Accepted=True Accepted', ok]],
    ],
    [
      'and those of others are not',
      route(),
      narrow({
        allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { is: 'apps' } } } },
      }),
      [['Accepted=False NotAllowedByListeners', ok]],
    ],
    [
      'of a kind that is not wanted do not',
      route(),
      narrow({ allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } }),
      [['Accepted=False NotAllowedByListeners', ok]],
    ],
    [
      'for a host of the listener do',
      route({ hostnames: ['a.b.example.com'] }),
      narrow({ hostname: '*.example.com' }),
      [['Accepted=True Accepted', ok]],
    ],
    [
      'for another host do not',
      route({ hostnames: ['example.com'] }),
      narrow({ hostname: '*.example.com' }),
      [['Accepted=False NoMatchingListenerHostname', ok]],
    ],
    [
      'to two Gateways attach to each by itself',
      route({ parentRefs: [{ name: 'gw' }, { name: 'gw', sectionName: 'none' }] }),
      {},
      [
        ['Accepted=True Accepted', ok],
        ['Accepted=False NoMatchingParent', ok],
      ],
    ],
    [
      'with a filter that is not served are refused',
      route({ rules: [{ filters: [{ type: 'ExtensionRef' }] }] }),
      {},
      [['Accepted=False UnsupportedValue', ok]],
    ],
    [
      'with what is no expression too',
      route({ rules: [{ matches: [{ path: { type: 'RegularExpression', value: '(' } }] }] }),
      {},
      [['Accepted=False UnsupportedValue', ok]],
    ],
    [
      'with one that is worth too much time too',
      route({
        rules: [{ matches: [{ path: { type: 'RegularExpression', value: `/${'(.*)'.repeat(100)}` } }] }],
      }),
      {},
      [['Accepted=False UnsupportedValue', ok]],
    ],
    ...[
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { set: [{ name: 'a', value: 'b\r\nc: d' }] },
      },
      { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/a b' } } },
      {
        type: 'RequestRedirect',
        requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/\n' } },
      },
    ].map((filter): [string, HTTPRoute, Partial<Observed>, string[][]] => [
      `with a ${filter.type} that HTTP cannot say too`,
      route({ rules: [{ filters: [filter] }] }),
      {},
      [['Accepted=False UnsupportedValue', ok]],
    ]),
    ...['Content-Length', 'transfer-encoding'].map(
      (name): [string, HTTPRoute, Partial<Observed>, string[][]] => [
        `with a filter that changes ${name} too`,
        route({
          rules: [
            {
              backendRefs: [
                {
                  ...{ name: 'web', port: 80 },
                  filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: [name] } }],
                },
              ],
            },
          ],
        }),
        {},
        [['Accepted=False UnsupportedValue', ok]],
      ],
    ),
    ['and with retries', route({ rules: [{ retry: {} }] }), {}, [['Accepted=False UnsupportedValue', ok]]],
  ])('%s', (_, only, facts, said) => expect(toldRoute(only, facts)).toEqual(said));

  test.each<[string, object, string]>([
    ['a Service', { name: 'web', port: 80 }, 'True ResolvedRefs'],
    ['a Service that is not there', { name: 'none', port: 80 }, 'False BackendNotFound'],
    ['a port that is not there', { name: 'web', port: 81 }, 'False BackendNotFound'],
    ['another kind', { kind: 'Bucket', group: 'example.com', name: 'web' }, 'False InvalidKind'],
    ['a Service of another namespace', { name: 'web', namespace: 'apps', port: 80 }, 'False RefNotPermitted'],
    ['a protocol that is not spoken', { name: 'foreign', port: 80 }, 'False UnsupportedProtocol'],
  ])('to %s are resolved or not, with a reason', (_, backend, said) => {
    const only = route({ rules: [{ backendRefs: [backend as { name: string }] }] });
    expect(toldRoute(only)).toEqual([['Accepted=True Accepted', `ResolvedRefs=${said}`]]);
    const planned = plan(observed({ gateways: [gateway({ listeners: [http] })], httpRoutes: [only] }));
    const { ports, backends } = planned.gateways[0]!.routing!;
    const [key] = ports[0]!.hosts[0]!.rules.flat()[0]!.backends.map((each) => each.backend);
    expect(
      key === undefined
        ? undefined
        : backends.get(key)?.endpoints.map(({ address, port }) => `${address}:${port}`),
    ).toEqual(said.startsWith('True') ? ['10.0.0.1:8080'] : undefined);
  });

  test('are spoken to whatever the case of their protocol', () => {
    const only = route({ rules: [{ backendRefs: [{ name: 'loud', port: 80 }] }] });
    expect(toldRoute(only)).toEqual([['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
  });

  test('a grant opens another namespace to them', () => {
    const only = route({ rules: [{ backendRefs: [{ name: 'web', namespace: 'apps', port: 80 }] }] });
    const of = (given: ReferenceGrant) => toldRoute(only, { grants: [given] })[0]![1];
    expect(of(grant('apps', 'infra', 'HTTPRoute', {}))).toBe(ok);
    expect(of(grant('apps', 'infra', 'HTTPRoute', { name: 'web' }))).toBe(ok);
    expect(of(grant('apps', 'infra', 'HTTPRoute', { name: 'other' }))).toMatch('RefNotPermitted');
    expect(of(grant('apps', 'other', 'HTTPRoute', {}))).toMatch('RefNotPermitted');
    expect(of(grant('infra', 'infra', 'HTTPRoute', {}))).toMatch('RefNotPermitted');
    expect(of(grant('apps', 'infra', 'GRPCRoute', {}))).toMatch('RefNotPermitted');
  });

  test('what other controllers say of a route stays', () => {
    const only = route();
    const foreign = { parentRef: { name: 'gw' }, controllerName: 'example.com/other' };
    only.status = {
      parents: [foreign, { parentRef: { name: 'gone' }, controllerName: 'shallop.dev/gateway' }],
    };
    const planned = plan(observed({ gateways: [gateway({ listeners: [http] })], httpRoutes: [only] }));
    expect(routeParents(planned.routes[0]!, now)).toEqual([
      foreign,
      expect.objectContaining({
        parentRef: { name: 'gw', namespace: 'infra' },
        controllerName: 'shallop.dev/gateway',
      }),
    ]);
  });

  test('of gRPC are told that a listener of TLS does not take them', () => {
    const grpc: Route = { ...route(), metadata: { name: 'grpc', namespace: 'infra' } };
    const tls: Listener = { name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
    const planned = plan(observed({ gateways: [gateway({ listeners: [tls] })], grpcRoutes: [grpc] }));
    expect(short(planned.routes[0]!.parents[0]!.findings)).toEqual([
      'Accepted=False NotAllowedByListeners',
      ok,
    ]);
  });
});

describe('hosts of a port', () => {
  const listeners = ['', '*.example.com', 'a.example.com'].map((hostname, i) => ({
    ...http,
    name: `l${i}`,
    ...(hostname && { hostname }),
  }));
  const to = (name: string, spec: Spec<HTTPRoute>, age = 0): HTTPRoute => {
    const made = route({ rules: [{}], ...spec }, 'infra', name);
    made.metadata.creationTimestamp = `2026-01-01T00:00:0${age}Z`;
    return made;
  };
  const hostsOf = (...httpRoutes: HTTPRoute[]) =>
    Object.fromEntries(
      plan(
        observed({ gateways: [gateway({ listeners })], httpRoutes }),
      ).gateways[0]!.routing!.ports[0]!.hosts.map(({ host, rules }) => [
        host,
        rules.flat().map(({ name }) => name.split('/')[1]),
      ]),
    );

  test('each listener has its own, and none that another one speaks of more closely', () => {
    const at = (sectionName: string, hostnames: string[] = []) => ({
      hostnames,
      parentRefs: [{ name: 'gw', sectionName }],
    });
    expect(
      hostsOf(
        to('any', at('l0', ['b.example.com', 'b.org', '*.com'])),
        to('wild', at('l1', ['a.example.com', 'c.example.com', '*.d.example.com'])),
        to('full', at('l2')),
      ),
    ).toEqual({
      '': [],
      'b.org': ['any'],
      '*.com': ['any'],
      '*.example.com': [],
      'c.example.com': ['wild'],
      '*.d.example.com': ['wild'],
      'a.example.com': ['full'],
    });
  });

  test('rules go by host, path, method, headers, query and age', () => {
    const rule = (match: object) => ({ rules: [{ matches: [match] }] });
    const prefix = (value: string) => ({ path: { type: 'PathPrefix', value } });
    const one = (name: string, match: object, hostnames: string[], age = 0) =>
      to(name, { ...rule(match), hostnames, parentRefs: [{ name: 'gw', sectionName: 'l0' }] }, age);
    const host = ['b.org'];
    const all = [
      one('any-host', { path: { type: 'Exact', value: '/long' } }, []),
      one('wild-host', { path: { type: 'Exact', value: '/long' } }, ['*.org']),
      one('young', prefix('/'), host, 2),
      one('old', prefix('/'), host, 1),
      one('query', { queryParams: [{ name: 'q', value: '1' }] }, host),
      one('headers', { headers: [{ name: 'h', value: '1' }] }, host),
      one('method', { method: 'GET' }, host),
      one('longer', prefix('/a/b'), host),
      one('prefix', prefix('/a'), host),
      one('regex', { path: { type: 'RegularExpression', value: '/a.*' } }, host),
      one('exact', { path: { type: 'Exact', value: '/a' } }, host),
    ];
    const expected = [
      'exact',
      'regex',
      'longer',
      'prefix',
      'method',
      'headers',
      'query',
      'old',
      'young',
      'wild-host',
      'any-host',
    ];
    expect(hostsOf(...all)['b.org']).toEqual(expected);
    expect(hostsOf(...all.toReversed())['b.org']).toEqual(expected);
  });

  test('share the rules of wider hosts', () => {
    const at = (hostnames: string[]) => ({ hostnames, parentRefs: [{ name: 'gw', sectionName: 'l0' }] });
    const httpRoutes = [to('any', at([])), to('one', at(['a.org', 'b.org']))];
    const { ports } = plan(observed({ gateways: [gateway({ listeners })], httpRoutes })).gateways[0]!
      .routing!;
    const [any, a, b] = ['', 'a.org', 'b.org'].map((name) =>
      ports[0]!.hosts.find(({ host }) => host === name),
    );
    expect(a!.rules.at(-1)).toBe(any!.rules[0]);
    expect(b!.rules.at(-1)).toBe(any!.rules[0]);
  });
});
