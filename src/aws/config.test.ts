import { expect, test } from '@jest/globals';
import { balancedSubnets, coreConfig, fargateSettings, identityConfig, listOf, required } from './config.ts';

const core = { SHALLOP_DEPLOYMENT: 'dev', SHALLOP_TABLE: 't' };
const identity = { SHALLOP_CLUSTER_ID: 'c', AWS_REGION: 'eu-west-1' };
const principalArn = 'arn:aws:iam::111122223333:role/dev';

test('what is there is read, what is not is left out', () => {
  expect(coreConfig(core)).toEqual({ deployment: 'dev', table: 't' });
  expect(coreConfig({ ...core, SHALLOP_KMS_KEY: 'k' })).toEqual({
    deployment: 'dev',
    table: 't',
    kmsKey: 'k',
  });
  expect(identityConfig(identity)).toEqual({ clusterId: 'c', region: 'eu-west-1', accessEntries: [] });
  expect(coreConfig({ ...core, SHALLOP_POD_METRICS: '60' }).podMetrics).toBe(60);
  expect(coreConfig({ ...core, SHALLOP_ACTIVATOR: 'arn' }).scalesToZero).toBe(true);
  const entries = [{ principalArn, kubernetesGroups: ['devs'] }];
  expect(
    identityConfig({ ...identity, SHALLOP_ACCESS_ENTRIES: JSON.stringify(entries) }).accessEntries,
  ).toEqual(entries);
});

test.each([
  [{ AWS_ENDPOINT_URL: 'http://all' }, 'http://all'],
  [{ AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_STS: 'http://sts' }, 'http://sts'],
])('%j asks STS at %s', (env, endpoint) => {
  expect(identityConfig({ ...identity, ...env }).stsEndpoint).toBe(endpoint);
});

test.each([
  { read: () => coreConfig({ SHALLOP_TABLE: 't' }), names: 'SHALLOP_DEPLOYMENT is not set' },
  { read: () => coreConfig({ ...core, SHALLOP_TABLE: '' }), names: 'SHALLOP_TABLE is not set' },
  {
    read: () => coreConfig({ ...core, SHALLOP_POD_METRICS: 'yes' }),
    names: 'SHALLOP_POD_METRICS is no number',
  },
  { read: () => identityConfig({ AWS_REGION: 'r' }), names: 'SHALLOP_CLUSTER_ID is not set' },
  {
    read: () => identityConfig({ ...identity, SHALLOP_ACCESS_ENTRIES: '[{}]' }),
    names: 'SHALLOP_ACCESS_ENTRIES is wrong: [0].principalArn',
  },
  { read: () => required({}, 'SHALLOP_QUEUE'), names: 'SHALLOP_QUEUE is not set' },
])('an error names the variable: $names', ({ read, names }) => {
  expect(read).toThrow(names);
});

const fargate = {
  ...core,
  AWS_REGION: 'eu-west-1',
  SHALLOP_ECS_CLUSTER: 'e',
  SHALLOP_ZONES: 'subnet-1=eu-west-1a,subnet-2=eu-west-1b',
  SHALLOP_POD_SECURITY_GROUPS: 'sg-1',
  SHALLOP_POD_LOG_GROUP: '/pods',
  SHALLOP_EXECUTION_ROLE: 'arn:x',
  SHALLOP_PROJECTOR_IMAGE: 'busybox',
  SHALLOP_PUBLIC_IP: 'true',
};

test('where Pods run is read from the variables of the deployment', () => {
  expect(fargateSettings(fargate)).toEqual({
    deployment: 'dev',
    cluster: 'e',
    region: 'eu-west-1',
    zones: [
      { subnet: 'subnet-1', zone: 'eu-west-1a' },
      { subnet: 'subnet-2', zone: 'eu-west-1b' },
    ],
    securityGroups: ['sg-1'],
    publicIp: true,
    logGroup: '/pods',
    executionRole: 'arn:x',
    projectorImage: 'busybox',
    architecture: 'amd64',
  });
  expect(fargateSettings({ ...fargate, SHALLOP_ARCHITECTURE: 'arm64' }).architecture).toBe('arm64');
  expect(() => fargateSettings({ ...fargate, SHALLOP_ARCHITECTURE: 'x86' })).toThrow(
    'SHALLOP_ARCHITECTURE is amd64 or arm64',
  );
  expect(fargateSettings({ ...fargate, SHALLOP_POD_METRICS: '30' }).podMetrics).toBe(30);
  expect(fargateSettings({ ...fargate, SHALLOP_POD_API_URL: 'https://api.example' }).apiHost).toBe(
    'api.example',
  );
  for (const url of [
    'api.example',
    'http://api.example',
    'https://api.example/x',
    'https://api.example:8443',
  ])
    expect(() => fargateSettings({ ...fargate, SHALLOP_POD_API_URL: url })).toThrow(
      'SHALLOP_POD_API_URL is no https',
    );
  expect(() => fargateSettings({ ...fargate, SHALLOP_ZONES: 'subnet-1' })).toThrow(
    'SHALLOP_ZONES has a part',
  );
});

test('load balancers stand in one subnet of each zone', () => {
  const zones = 'subnet-1=eu-west-1a,subnet-2=eu-west-1b,subnet-3=eu-west-1a';
  expect(balancedSubnets({ SHALLOP_ZONES: zones })).toEqual(['subnet-1', 'subnet-2']);
});

test.each([
  [undefined, []],
  ['', []],
  ['a, b,,c', ['a', 'b', 'c']],
])('%j lists %j', (text, list) => expect(listOf(text)).toEqual(list));
