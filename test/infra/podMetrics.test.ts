import { expect, jest, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { environment } from '../../src/aws/names.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

const domain = {
  domain: 'k8s.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
};
const functions = (template: ReturnType<typeof synthesise>) =>
  resourcesOf(template).flatMap(([id, { Type, Properties }]) => {
    const { Variables } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    return Type === 'AWS::Lambda::Function' && Variables ? [[id, Variables] as const] : [];
  });

test('with -c podMetrics=true the functions with objects know how often Pods tell, and nothing else is different', () => {
  const [off, on] = [synthesise(domain), synthesise({ ...domain, podMetrics: 'true' })];
  expect(functions(off).filter(([, variables]) => environment.podMetrics in variables)).toEqual([]);
  const changed = functions(on).filter(([, variables]) => environment.podMetrics in variables);
  expect(changed).toEqual(functions(on).filter(([, variables]) => environment.table in variables));
  for (const [, variables] of changed) {
    expect(variables[environment.podMetrics]).toBe('60');
    delete variables[environment.podMetrics];
  }
  expect(on).toEqual(off);
});

const read = (context: Record<string, string>) => readSettings((key) => context[key]).podMetrics;

test.each([
  ['true', 60],
  ['false', undefined],
  ['20', 20],
  ['600', 600],
])('-c podMetrics=%s', (podMetrics, seconds) => expect(read({ ...domain, podMetrics })).toBe(seconds));

test.each([
  ...['19', '601', '1.5', '-60', 'yes'].map((podMetrics): [Record<string, string>, string] => [
    { ...domain, podMetrics },
    `-c podMetrics is true, false, or 20 to 600 seconds, not "${podMetrics}"`,
  ]),
  [{ podMetrics: 'true' }, '-c podMetrics needs -c domain'],
])('refuses %j', (context, message) => expect(() => read(context)).toThrow(message));
