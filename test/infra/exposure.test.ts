import { expect, jest, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

const ofType = (template: ReturnType<typeof synthesise>, type: string) =>
  resourcesOf(template)
    .filter(([, { Type }]) => Type === `AWS::${type}`)
    .map(([, { Properties }]) => Properties);
const apiOf = (context: Record<string, string>) => ofType(synthesise(context), 'ApiGateway::RestApi')[0]!;
const denials = (context: Record<string, string>) =>
  (apiOf(context).Policy as { Statement: { Effect: string; Condition: unknown }[] }).Statement.flatMap(
    ({ Effect, Condition }) => (Effect === 'Deny' ? [Condition] : []),
  );

test('D8: by default the API answers everybody who signs in, and no more than a bounded number of requests', () => {
  const template = synthesise();
  expect(ofType(template, 'ApiGateway::RestApi')[0]!.Policy).toBeUndefined();
  expect(ofType(template, 'ApiGateway::Stage')[0]!.MethodSettings).toEqual([
    expect.objectContaining({
      HttpMethod: '*',
      ResourcePath: '/*',
      ThrottlingRateLimit: 200,
      ThrottlingBurstLimit: 500,
    }),
  ]);
});

test('D8: -c throttle sets the rate and the burst', () => {
  synthesise({ throttle: '20,40' }).hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [{ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 }],
  });
});

test('D8: -c allowedCidrs denies every other address, and lets in Pods that come from known ones', () => {
  const allowedCidrs = '203.0.113.0/24, 2001:db8::/32';
  expect(denials({ allowedCidrs })).toEqual([
    { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } },
  ]);
  const [{ NotIpAddress }] = denials({ allowedCidrs, nat: 'gateway', natGateways: '1' }) as [
    { NotIpAddress: { 'aws:SourceIp': unknown[] } },
  ];
  expect(NotIpAddress['aws:SourceIp'].slice(2)).toEqual([
    { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^NetworkOutgoing0/) }, '/32']] },
  ]);
});

test('D8: whoever shuts Pods out is told: their public addresses are not known before', () => {
  const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/c';
  const context = { allowedCidrs: '203.0.113.0/24', domain: 'k8s.example.org', certificateArn };
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    expect(() => synthesise(context)).toThrow(/pods-outside/);
  } finally {
    printed.mockRestore();
  }
});

test('D8: a private API is reached by an endpoint in the network only', () => {
  const template = synthesise({ endpoint: 'private', allowedCidrs: '10.0.0.0/16' });
  const [[id, { Properties }] = ['', { Properties: {} }], ...others] = resourcesOf(template).filter(
    ([, { Type }]) => Type === 'AWS::EC2::VPCEndpoint',
  );
  expect(others).toEqual([]);
  expect(Properties).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: false });
  const own = { 'Fn::GetAtt': [id, 'Id'] };
  const [api] = ofType(template, 'ApiGateway::RestApi');
  expect(api).toMatchObject({ EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [own] } });
  const { Statement } = api!.Policy as { Statement: { Condition?: unknown }[] };
  expect(Statement.map(({ Condition }) => Condition)).toEqual([
    undefined,
    { StringNotEquals: { 'aws:SourceVpce': own } },
    { NotIpAddress: { 'aws:VpcSourceIp': ['10.0.0.0/16'] } },
  ]);
  const { Value } = template.findOutputs('Endpoint').Endpoint as { Value: unknown };
  expect(JSON.stringify(Value)).toMatch(/ApiRest.*execute-api.*\/k8s/);
  expect(JSON.stringify(Value)).toContain(id);
});

test('D8: a private API takes an endpoint that stands there', () => {
  const template = synthesise({ endpoint: 'private', vpcEndpoint: 'vpce-0123456789abcdef0' });
  expect(ofType(template, 'EC2::VPCEndpoint')).toEqual([]);
  expect(ofType(template, 'ApiGateway::RestApi')[0]!.EndpointConfiguration).toEqual({
    Types: ['PRIVATE'],
    VpcEndpointIds: ['vpce-0123456789abcdef0'],
  });
});

const reservedIn = (context: Record<string, string>) =>
  Object.fromEntries(
    ofType(synthesise(context), 'Lambda::Function').flatMap((each) =>
      each.ReservedConcurrentExecutions
        ? [[String(each.FunctionName).replace('shallop-dev-', ''), each.ReservedConcurrentExecutions]]
        : [],
    ),
  );

test('D8: controllers keep executions for themselves when the deployment says so, and never otherwise', () => {
  expect(reservedIn({})).toEqual({});
  expect(reservedIn({ concurrency: '10' })).toEqual({});
  expect(reservedIn({ reserve: 'true', concurrency: '1000' })).toEqual({
    dispatch: 10,
    resync: 2,
    route: 20,
    'reconcile-workloads': 20,
    'reconcile-pods': 20,
    'reconcile-services': 20,
    'reconcile-secrets': 20,
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{ allowedCidrs: '203.0.113.0' }, /-c allowedCidrs is a list/],
  [{ allowedCidrs: '203.0.113.0/33' }, /-c allowedCidrs is a list/],
  [{ allowedCidrs: '203.0.113.0/24/1' }, /-c allowedCidrs is a list/],
  [{ allowedCidrs: 'office/24' }, /-c allowedCidrs is a list/],
  [{ throttle: '200' }, /-c throttle is RATE,BURST/],
  [{ throttle: '0,5' }, /-c throttle is RATE,BURST/],
  [{ endpoint: 'edge' }, /-c endpoint is regional or private, not "edge"/],
  [{ vpcEndpoint: 'vpce-1' }, /-c vpcEndpoint needs -c endpoint=private/],
  [{ endpoint: 'private', domain: 'k8s.example.org' }, /takes no -c domain/],
  [{ reserve: 'true', concurrency: '10' }, /-c reserve=true needs more than -c concurrency=10/],
])('%j is refused', (context, why) => expect(() => readSettings((key) => context[key])).toThrow(why));
