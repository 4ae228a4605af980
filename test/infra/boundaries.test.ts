import { expect, jest, test } from '@jest/globals';
import { tags } from '../../src/aws/names.ts';
import { allowancesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

test('D11: functions open only what their deployment sealed, or what DynamoDB opens for them', () => {
  const uses = allowancesOf(synthesise()).filter(({ actions }) => actions.includes('kms:GenerateDataKey'));
  expect(uses.length).toBeGreaterThan(0);
  for (const { condition } of uses)
    expect([
      { StringEquals: { [`kms:EncryptionContext:${tags.deployment}`]: 'dev' } },
      {
        StringEquals: {
          'kms:ViaService': { 'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
        },
      },
    ]).toContainEqual(condition);
});
