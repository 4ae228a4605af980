import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CostExplorerClient, GetCostAndUsageCommandInput } from '@aws-sdk/client-cost-explorer';
import { expect, test } from '@jest/globals';
import { billRequest, readBill } from './bill.ts';
import { billLines } from './billLines.ts';
import { billOf } from './index.ts';

const now = Date.parse('2026-11-12T23:30:00Z');
const group = (service: string, Amount: string, Unit = 'USD') => ({
  Keys: [service],
  Metrics: { UnblendedCost: { Amount, Unit } },
});
const result = (...Groups: object[]) => [{ Estimated: true, Groups }];

/** Cost Explorer that answers these pages, or throws. */
function explorer(...pages: (object | Error)[]) {
  const asked: GetCostAndUsageCommandInput[] = [];
  const send = async ({ input }: { input: GetCostAndUsageCommandInput }) => {
    const page = pages[asked.push(input) - 1];
    if (page instanceof Error) throw page;
    return page;
  };
  return { asked, costExplorer: { send } as unknown as Pick<CostExplorerClient, 'send'> };
}
const query = { name: 'dev', region: 'eu-west-1', now };
const refusal = (name: string, message: string) => Object.assign(new Error(message), { name });

test('what is asked for is the month so far by service, of the tag and of no other region', () => {
  expect(billRequest(query)).toEqual({
    TimePeriod: { Start: '2026-11-01', End: '2026-11-13' },
    Granularity: 'MONTHLY',
    Metrics: ['UnblendedCost'],
    GroupBy: [{ Type: 'DIMENSION', Key: 'SERVICE' }],
    Filter: {
      And: [
        { Tags: { Key: 'shallop.dev/deployment', Values: ['dev'], MatchOptions: ['EQUALS'] } },
        {
          Dimensions: {
            Key: 'REGION',
            Values: ['eu-west-1', 'global', 'NoRegion'],
            MatchOptions: ['EQUALS'],
          },
        },
      ],
    },
  });
});

test.each([
  ['2026-12-01T00:00:00Z', '2026-12-01', '2026-12-02'],
  ['2026-12-31T23:59:59Z', '2026-12-01', '2027-01-01'],
  ['2028-02-28T12:00:00Z', '2028-02-01', '2028-02-29'],
])(
  'at %s the days from %s until before %s are asked for: AWS refuses a period without a day',
  (at, Start, End) => {
    expect(billRequest({ ...query, now: Date.parse(at) }).TimePeriod).toEqual({ Start, End });
  },
);

test('services are told from the dearest on, of all pages, each of which is paid for', async () => {
  const { asked, costExplorer } = explorer(
    {
      ResultsByTime: result(group('AWS Lambda', '0.104'), group('Amazon DynamoDB', '1.5')),
      NextPageToken: 'n',
    },
    { ResultsByTime: result(group('Amazon Elastic Container Service', '20.25')) },
  );
  const bill = await readBill({ ...query, costExplorer });
  expect(asked.map(({ NextPageToken }) => NextPageToken)).toEqual([undefined, 'n']);
  expect(bill).toMatchObject({ currency: 'USD', total: 21.854, estimated: true, asking: 0.02 });
  expect(billLines(bill)).toEqual([
    'billed        $21.85 from 2026-11-01 until 2026-11-13 for what has the tag shallop.dev/deployment=dev, as AWS estimates so far; asking cost $0.02:',
    '  Amazon Elastic Container Service  $20.25',
    '  Amazon DynamoDB                   $1.50',
    '  AWS Lambda                        $0.10',
  ]);
});

test('a bill in another currency is told in it', async () => {
  const { costExplorer } = explorer({ ResultsByTime: [{ Groups: [group('AWS Lambda', '3', 'CNY')] }] });
  const lines = billLines(await readBill({ ...query, costExplorer }));
  expect(lines[0]).toMatch(/^billed {8}3\.00 CNY from .*=dev; asking cost \$0\.01:$/);
});

test.each<[string, object | Error, string, string]>([
  [
    'a tag that is not activated',
    { ResultsByTime: result() },
    'Cost Explorer has no cost of this month with the tag shallop.dev/deployment=dev',
    'activate the tag shallop.dev/deployment in Billing, Cost allocation tags',
  ],
  [
    'a missing right',
    refusal('AccessDeniedException', 'User: u is not authorized to perform: ce:GetCostAndUsage'),
    'User: u is not authorized to perform: ce:GetCostAndUsage',
    'it takes the action ce:GetCostAndUsage',
  ],
  [
    'Cost Explorer that was never turned on',
    refusal('AccessDeniedException', 'User not enabled for cost explorer access'),
    'User not enabled for cost explorer access',
    'turn Cost Explorer on in Billing',
  ],
  [
    'data that is not there yet',
    refusal('DataUnavailableException', ''),
    'DataUnavailableException',
    'turn Cost Explorer on in Billing',
  ],
  ['too many questions', refusal('LimitExceededException', 'slow down'), 'slow down', 'ask again later'],
])('%s is told in two lines: why, and what to do', async (_what, page, why, remedy) => {
  const { costExplorer } = explorer(page);
  const lines = billLines(await readBill({ ...query, costExplorer }));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(`billed        not known: ${why}`);
  expect(lines[1]).toContain(`→ ${remedy}`);
});

test('the SDK asks Cost Explorer, with the credentials of this command', async () => {
  let asked: { target: unknown; authorization: unknown; body: unknown } | undefined;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { 'x-amz-target': target, authorization } = request.headers;
    asked = { target, authorization, body: JSON.parse(text) };
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ ResultsByTime: result(group('AWS Lambda', '0.5')) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const variables = {
    AWS_ENDPOINT_URL_COST_EXPLORER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 's',
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    expect(await billOf({ name: 'dev', region: 'eu-west-1' }, now)).toMatchObject({ total: 0.5 });
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  expect(asked).toMatchObject({
    target: 'AWSInsightsIndexService.GetCostAndUsage',
    body: billRequest(query),
  });
  expect(asked?.authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/[a-z0-9-]+\/ce\/aws4_request/);
});
