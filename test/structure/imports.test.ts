import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { importsOf, sources } from '../support/sources.ts';

/**
 * Which room may import which (design §2). A room is named by the longest key that starts its path below src/.
 * Types of kinds are free everywhere, and so are the ports' types.
 */
const rooms: Record<string, string[]> = {
  'shared/errors': [],
  'shared/clock': [],
  'shared/meta': ['shared/errors'],
  'shared/observability': ['shared/clock'],
  'shared/storage': ['shared/errors', 'shared/clock'],
  'shared/storage/log': ['shared/storage', 'shared/errors', 'shared/clock'],
  'shared/storage/memory': ['shared/storage', 'shared/storage/log', 'shared/errors', 'shared/clock'],
  'shared/storage/lmdb': ['shared/storage', 'shared/storage/log', 'shared/errors', 'shared/clock'],
  'shared/storage/dynamodb': ['shared/storage', 'shared/storage/log', 'shared/errors', 'shared/clock'],
  'shared/storage/decorators': ['shared/storage', 'shared/errors', 'shared/clock', 'shared/observability'],
  'shared/kinds': ['shared/errors', 'shared/clock', 'shared/meta'],
  'shared/cloud': ['shared/errors'],
  'shared/cloud/podspec': ['shared/cloud', 'shared/errors', 'shared/clock', 'shared/meta'],
  'shared/cloud/fake': [
    'shared/cloud',
    'shared/cloud/podspec',
    'shared/errors',
    'shared/clock',
    'shared/meta',
  ],
  'shared/cloud/local': [
    'shared/cloud',
    'shared/cloud/podspec',
    'shared/errors',
    'shared/clock',
    'shared/meta',
  ],
  'shared/cloud/aws': [
    'shared/cloud',
    'shared/cloud/podspec',
    'shared/errors',
    'shared/clock',
    'shared/meta',
    'shared/observability',
  ],
  'shared/streams': [],
  'shared/auth': ['shared/errors', 'shared/clock', 'shared/meta', 'shared/kinds'],
  'shared/admission': ['shared/errors', 'shared/clock', 'shared/meta', 'shared/kinds', 'shared/storage'],
  'shared/client': ['shared/errors', 'shared/meta', 'shared/kinds'],
  'shared/api': [
    'shared/errors',
    'shared/clock',
    'shared/meta',
    'shared/observability',
    'shared/storage',
    'shared/kinds',
    'shared/auth',
    'shared/admission',
    'shared/streams',
  ],
  'shared/controllers': [
    'shared/errors',
    'shared/clock',
    'shared/meta',
    'shared/observability',
    'shared/kinds',
    'shared/cloud',
    'shared/client',
  ],
  local: ['*'],
  aws: ['*'],
  cli: [
    'shared/errors',
    'shared/meta',
    'shared/kinds',
    'shared/client',
    'shared/clock',
    'shared/auth',
    'shared/streams',
    'local',
  ],
};

/** Packages that only these rooms may load. */
const packages: Record<string, string[]> = {
  lmdb: ['shared/storage/lmdb'],
  '@aws-sdk/client-dynamodb': ['shared/storage/dynamodb'],
  '@aws-sdk/client-ecs': ['shared/cloud/aws'],
  '@aws-sdk/client-ssm': ['shared/cloud/aws'],
  '@aws-sdk/client-cloudwatch-logs': ['shared/cloud/aws'],
  '@aws-sdk/client-acm': ['shared/cloud/aws'],
  '@aws-sdk/client-ec2': ['shared/cloud/aws'],
  '@aws-sdk/client-elastic-load-balancing-v2': ['shared/cloud/aws'],
  '@aws-sdk/client-route-53': ['shared/cloud/aws'],
  '@aws-sdk/client-efs': ['shared/cloud/aws'],
  '@aws-sdk/client-secrets-manager': ['shared/cloud/aws'],
  '@aws-sdk/client-kms': ['shared/cloud/aws'],
  '@aws-sdk/client-lambda': ['shared/cloud/aws'],
  '@aws-sdk/client-sqs': ['shared/cloud/aws'],
  '@aws-sdk/client-eventbridge': ['shared/cloud/aws'],
  '@peculiar/x509': ['local'],
  'reflect-metadata': ['local'],
  'prom-client': ['shared/observability'],
  '@aws-sdk/client-cloudformation': ['cli'],
  '@aws-sdk/credential-provider-node': ['cli'],
  yaml: ['shared/api', 'shared/auth', 'local', 'cli'],
};

const roomOf = (path: string) =>
  Object.keys(rooms)
    .filter((room) => path.startsWith(`src/${room}/`))
    .sort((a, b) => b.length - a.length)[0];

test('every source file stands in a room of the design', () => {
  expect(
    sources('src')
      .filter(({ path }) => !roomOf(path))
      .map(({ path }) => path),
  ).toEqual([]);
});

test('rooms import only what the design allows', () => {
  const leaks = sources('src').flatMap(({ path, text }) => {
    const from = roomOf(path);
    if (!from || rooms[from]?.includes('*')) return [];
    return importsOf(text)
      .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
      .map(({ specifier }) => normalize(join(dirname(path), specifier)))
      .filter((target) => {
        const to = roomOf(target);
        return to !== from && !rooms[from]?.includes(to ?? '');
      })
      .map((target) => `${path} -> ${target}`);
  });
  expect(leaks).toEqual([]);
});

test('api and controllers never meet, not even by types', () => {
  const meet = (from: string, to: string) =>
    sources(`src/shared/${from}`).filter(({ path, text }) =>
      importsOf(text).some(({ specifier }) =>
        normalize(join(dirname(path), specifier)).startsWith(`src/shared/${to}/`),
      ),
    );
  expect([...meet('api', 'controllers'), ...meet('controllers', 'api')].map(({ path }) => path)).toEqual([]);
});

test('packages are loaded only where the design says', () => {
  const leaks = sources('src').flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ specifier, typeOnly }) => !typeOnly && !/^(\.|node:)/.test(specifier))
      .filter(({ specifier }) => !packages[specifier]?.some((room) => path.startsWith(`src/${room}/`)))
      .map(({ specifier }) => `${path} -> ${specifier}`),
  );
  expect(leaks).toEqual([]);
});
