import { expect, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { environment } from '../../src/aws/names.ts';
import { destroyAsked } from '../../tools/destroy.ts';
import { allowancesOf, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

const tableStream =
  'arn:aws:dynamodb:us-east-1:111111111111:table/shallop-dev-restored/stream/2026-11-30T00:00:00.000';
const restored = { table: 'shallop-dev-restored', tableStream };

test('D10: the table is protected against deletion, and its key outlives the backup that a deletion leaves', () => {
  const template = synthesise();
  template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
  template.hasResourceProperties('AWS::KMS::Key', { PendingWindowInDays: 30 });
});

test('D10: with -c table everything uses the restored table, and the own one stays', () => {
  const template = synthesise(restored);
  const resources = resourcesOf(template);
  expect(resources.filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table')).toHaveLength(1);
  const used = resources.flatMap(([, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
    return Variables[environment.table] ?? [];
  });
  expect(new Set(used)).toEqual(new Set([restored.table]));
  const streams = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::Lambda::EventSourceMapping' && Properties.StartingPosition
      ? [Properties.EventSourceArn]
      : [],
  );
  expect(streams).toEqual([tableStream]);
  const tables = allowancesOf(template).flatMap(({ actions, resources: on }) =>
    actions.includes('dynamodb:GetItem') ? on : [],
  );
  for (const table of tables) expect(JSON.stringify(table)).toContain('table/shallop-dev-restored');
});

test('D10: after a destroy a table is opened with the key that sealed it', () => {
  const tableKey = 'arn:aws:kms:us-east-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef';
  const template = synthesise({ ...restored, tableKey });
  template.resourceCountIs('AWS::KMS::Key', 0);
  template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: tableKey } });
});

test.each<[Record<string, string>, RegExp]>([
  [{ table: 'shallop-dev-restored' }, /-c table needs -c tableStream/],
  [{ table: 'a b', tableStream }, /-c table is no name of a table/],
  [{ tableKey: 'arn:aws:kms:us-east-1:111111111111:key/k' }, /-c tableKey needs -c table/],
  [{ ...restored, tableKey: 'key' }, /-c tableKey is no ARN of a key/],
])('%j is refused', (context, why) => expect(() => readSettings((key) => context[key])).toThrow(why));

async function destroying(args: string[], typed?: string, usualName?: string) {
  const done: string[] = [];
  const parts = {
    usualName,
    ...(typed !== undefined && {
      ask: async (question: string) => {
        done.push(question);
        return typed;
      },
    }),
    unprotect: async (table: string) => {
      done.push(`unprotect ${table}`);
      return true;
    },
    destroy: async (given: string[]) => {
      done.push(`destroy ${given.join(' ')}`);
    },
  };
  const error = await destroyAsked(args, parts).catch(({ message }: Error) => message);
  return { done, error };
}

test.each([
  [['-c', 'name=dev'], 'dev', undefined, 'shallop-dev', '--force -c name=dev'],
  [[], ' default\n', undefined, 'shallop-default', '--force'],
  [[], 'blue', 'blue', 'shallop-blue', '--force'],
  [['--context=name=dev'], 'dev', 'blue', 'shallop-dev', '--force --context=name=dev'],
])(
  'D10: a destroy of %j asks for the name, takes the protection away, then destroys',
  async (args, typed, usual, stack, call) => {
    const { done, error } = await destroying(args, typed, usual);
    expect(error).toBeUndefined();
    expect(done[0]).toContain(`Type ${stack.slice('shallop-'.length)} to go on`);
    expect(done.slice(1)).toEqual([`unprotect ${stack}`, `destroy ${call}`]);
  },
);

test('D10: another name destroys nothing', async () => {
  const { done, error } = await destroying(['-c', 'name=dev'], 'prod');
  expect(error).toBe('shallop-dev stays as it is');
  expect(done).toHaveLength(1);
});

test('D10: where nobody can be asked, only --yes destroys', async () => {
  expect(await destroying(['-c', 'name=dev'])).toMatchObject({
    done: [],
    error: expect.stringContaining('--yes'),
  });
  expect((await destroying(['-c', 'name=dev', '--yes'])).done).toEqual([
    'unprotect shallop-dev',
    'destroy --force -c name=dev',
  ]);
});
