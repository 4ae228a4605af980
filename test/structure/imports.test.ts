import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { roomOf, rooms } from '../../tools/structure/rooms.ts';
import { importsOf, sources } from '../../tools/structure/sources.ts';

/** Packages that only these rooms may load. */
const packages: Record<string, string[]> = {
  lmdb: ['local/drivers/lmdb'],
  'fs-native-extensions': ['local/drivers'],
  '@aws-sdk/client-dynamodb': ['aws/drivers/dynamodb'],
  '@aws-sdk/client-ecs': ['aws/drivers', 'cli/aws/health'],
  '@aws-sdk/client-ssm': ['aws/drivers'],
  '@aws-sdk/client-cloudwatch': ['aws/drivers', 'cli/aws/health'],
  '@aws-sdk/client-cloudwatch-logs': ['aws/drivers'],
  '@aws-sdk/client-acm': ['aws/drivers'],
  '@aws-sdk/client-ec2': ['aws/drivers'],
  '@aws-sdk/client-elastic-load-balancing-v2': ['aws/drivers'],
  '@aws-sdk/client-route-53': ['aws/drivers'],
  '@aws-sdk/client-efs': ['aws/drivers'],
  '@aws-sdk/client-secrets-manager': ['aws/drivers'],
  '@aws-sdk/client-kms': ['aws/drivers'],
  '@aws-sdk/client-lambda': ['aws/drivers'],
  '@aws-sdk/client-sqs': ['aws/drivers'],
  '@aws-sdk/client-eventbridge': ['aws/drivers'],
  '@middy/core': ['aws/observability'],
  '@aws-lambda-powertools/logger': ['aws/observability'],
  '@aws-lambda-powertools/logger/middleware': ['aws/observability'],
  '@aws-lambda-powertools/metrics': ['aws/observability'],
  '@aws-lambda-powertools/metrics/middleware': ['aws/observability'],
  '@peculiar/x509': ['local'],
  'reflect-metadata': ['local'],
  re2js: ['shared/kinds/custom/validate', 'shared/cel', 'local/drivers/router'],
  '@aws-sdk/client-cloudformation': ['cli'],
  '@aws-sdk/client-cost-explorer': ['cli/aws/costs'],
  '@aws-sdk/client-service-quotas': ['cli/aws/health'],
  '@aws-sdk/credential-provider-node': ['cli'],
  'js-yaml': ['shared/api'],
  // The page of `shallop console`, and what makes it in a checkout.
  preact: ['cli/console/page'],
  'preact/hooks': ['cli/console/page'],
  'diff/lib/diff/line.js': ['cli/console/page'],
  esbuild: ['cli/console'],
  // Each for one thing that `shallop dev` reads or watches.
  chokidar: ['cli/dev'],
  ignore: ['cli/dev'],
  'smol-toml': ['cli/dev'],
  'dns-packet': ['local/drivers/dns'],
  'tar-stream': ['local/drivers/images', 'local/drivers/pods/engine', 'cli/kube/copy'],
  vitest: ['library'],
  'jest-environment-node': ['library'],
  yaml: ['shared/api', 'shared/audit', 'shared/events', 'aws/iam', 'local', 'cli'],
};

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

test('tests import tools, never the reverse', () => {
  const reversed = sources('tools').flatMap(({ path, text }) =>
    importsOf(text)
      .map(({ specifier }) => normalize(join(dirname(path), specifier)))
      .filter((target) => target.startsWith('test/'))
      .map((target) => `${path} -> ${target}`),
  );
  expect(reversed).toEqual([]);
});
