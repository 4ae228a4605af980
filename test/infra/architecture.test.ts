import { expect, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { environment } from '../../src/aws/names.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

test('D2: the functions that start Pods are told the architecture of the deployment, amd64 unless it is said', () => {
  const told = resourcesOf(synthesise({ architecture: 'arm64' })).flatMap(([, { Type, Properties }]) => {
    const { Variables = {} } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return Type === 'AWS::Lambda::Function' && Variables[environment.ecsCluster]
      ? [Variables[environment.architecture]]
      : [];
  });
  expect([...new Set(told)]).toEqual(['arm64']);
  expect(readSettings(() => undefined).architecture).toBe('amd64');
  const wrong = (key: string) => (key === 'architecture' ? 'x86_64' : undefined);
  expect(() => readSettings(wrong)).toThrow('-c architecture is amd64 or arm64, not "x86_64"');
});
