import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { supportedFeatures } from '../../src/local/controllers/gateway/features.ts';
import {
  failedIn,
  gatewayPage,
  path,
  profiles,
  type Report,
  toldNow,
  unservedIn,
} from '../../tools/gateway-conformance/page.ts';

const told = toldNow();
const { report, causes } = told;

test('docs/gateway-conformance.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(gatewayPage(told));
});

test('the report is of all profiles, and of the features that the class tells', () => {
  expect(report.profiles.map(({ name }) => name).sort()).toEqual([...profiles].sort());
  const served = new Set(supportedFeatures.map(({ name }) => name));
  const extended = report.profiles.flatMap(({ extended }) => extended?.supportedFeatures ?? []);
  expect(extended.filter((name) => !served.has(name))).toEqual([]);
  expect(unservedIn(report).filter((name) => served.has(name))).toEqual([]);
});

test('each test that fails and each feature that is not served has a cause, and no other', () => {
  expect(Object.keys(causes.tests).sort()).toEqual(failedIn(report));
  expect(Object.keys(causes.features).sort()).toEqual(unservedIn(report));
});

test('a page tells counts, failures with their causes, and what is not served', () => {
  const statistics = { Passed: 3, Skipped: 2, Failed: 1 };
  const made: Report = {
    date: '2026-01-02T03:04:05Z',
    gatewayAPIVersion: 'v1.5.0',
    gatewayAPIChannel: 'standard',
    implementation: { version: 'abc' },
    profiles: [
      {
        name: 'GATEWAY-HTTP',
        core: { result: 'failure', statistics, failedTests: ['A', 'B'] },
        extended: {
          result: 'success',
          statistics: { Passed: 1, Skipped: 0, Failed: 0 },
          supportedFeatures: ['GatewayPort8080'],
          unsupportedFeatures: ['ListenerSet'],
        },
      },
    ],
  };
  const page = gatewayPage({
    report: made,
    causes: { tests: { A: 'it is slow.' }, features: { ListenerSet: 'nobody asked.' } },
  });
  expect(page).toContain('| GATEWAY-HTTP | core | failure | 3 | 1 | 2 |');
  expect(page).toContain('| GATEWAY-HTTP | extended | success | 1 | 0 | 0 |');
  expect(page).toContain('- `A`: it is slow.\n- `B`: not looked into yet');
  expect(page).toContain('- `ListenerSet`: nobody asked.');
});
