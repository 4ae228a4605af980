import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { CustomResourceDefinition } from '../../../shared/kinds/schema/types.ts';
import { supportedFeatures, takesFeatures } from './features.ts';

const standard = new URL('../../../../test/support/gatewayApi/standard-v1.5.0.yaml.gz', import.meta.url);
const definitions = parseAllDocuments(gunzipSync(readFileSync(standard)).toString());
const named = (name: string) =>
  definitions
    .map((each) => each.toJS() as CustomResourceDefinition | null)
    .find((each) => each?.metadata.name === name)!;

const withStatus = (properties: object): CustomResourceDefinition => ({
  metadata: { name: 'gatewayclasses.gateway.networking.k8s.io' },
  spec: {
    group: 'gateway.networking.k8s.io',
    names: { kind: 'GatewayClass', plural: 'gatewayclasses' },
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: { type: 'object', properties: { status: { type: 'object', properties } } },
        },
      },
    ],
  },
});

test.each([
  ['of release 1.5', true, named('gatewayclasses.gateway.networking.k8s.io')],
  ['whose features are texts', false, withStatus({ supportedFeatures: { items: { type: 'string' } } })],
  ['without features', false, withStatus({ conditions: {} })],
])('a definition %s is told features: %s', (_, takes, definition) => {
  expect(takesFeatures(definition)).toBe(takes);
});

test('features are sorted by name, each once', () => {
  const names = supportedFeatures.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});
