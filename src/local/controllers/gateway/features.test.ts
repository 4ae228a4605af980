import { expect, test } from '@jest/globals';
import { supportedFeatures, takesFeatures } from './features.ts';

const ofRelease = (release: string) => ({
  metadata: { annotations: { 'gateway.networking.k8s.io/bundle-version': release } },
});

test.each([
  ['v1.5.0', true],
  ['v1.4.0-rc.1', true],
  ['v1.10.2', true],
  ['v2.0.0', true],
  ['v1.3.0', false],
  ['v0.8.1', false],
  ['main', false],
])('a definition of release %s is told features: %s', (release, takes) => {
  expect(takesFeatures(ofRelease(release))).toBe(takes);
});

test('a definition without a release is told none', () => {
  expect(takesFeatures({ metadata: {} })).toBe(false);
});

test('features are sorted by name, each once', () => {
  const names = supportedFeatures.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
});
