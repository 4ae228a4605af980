import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { functionLogger } from './logger.ts';
import { count } from './metrics.ts';
import { observed } from './observed.ts';

const context = { functionName: 'shallop-dev-api', awsRequestId: 'run-1' } as Context;

let written: string;
beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
});
afterEach(() => {
  jest.restoreAllMocks();
});
const lines = () =>
  written
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('D15: each line carries the run of the function and the request of the gateway that it belongs to', async () => {
  const log = functionLogger().with({ part: 'api' });
  const handler = observed<object, void>().handler(async () =>
    log.info('request', { name: 'web', code: 200 }),
  );
  await handler({ requestContext: { requestId: 'gateway-1' } }, context);
  await handler({ requestContext: { requestId: 'gateway-2' } }, { ...context, awsRequestId: 'run-2' });
  await handler({ Records: [] }, { ...context, awsRequestId: 'run-3' });
  expect(lines()).toEqual(
    [
      ['run-1', 'gateway-1'],
      ['run-2', 'gateway-2'],
      ['run-3', undefined],
    ].map(([run, request]) => ({
      level: 'INFO',
      message: 'request',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      function_name: 'shallop-dev-api',
      function_request_id: run,
      ...(request && { correlation_id: request }),
      part: 'api',
      name: 'web',
      code: 200,
    })),
  );
});

test('D15: an error keeps its message, stack and cause', async () => {
  const cause = new Error('the socket was closed');
  const handler = observed<object, void>().handler(async () =>
    functionLogger().warn('not done', { error: new Error('no answer', { cause }) }),
  );
  await handler({}, context);
  expect(lines()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      error: expect.objectContaining({
        message: 'no answer',
        stack: expect.stringContaining('observed.test'),
        cause: expect.objectContaining({ message: 'the socket was closed' }),
      }),
    }),
  ]);
});

test('D15: what is counted leaves once, in the embedded format, and nothing leaves where nothing was', async () => {
  const handler = observed<{ refusals: number }, void>().handler(async ({ refusals }) => {
    if (refusals) count('EcsRefusals', refusals);
  });
  await handler({ refusals: 2 }, context);
  await handler({ refusals: 0 }, context);
  expect(lines()).toEqual([
    expect.objectContaining({
      _aws: expect.objectContaining({
        CloudWatchMetrics: [
          expect.objectContaining({
            Namespace: 'shallop',
            Dimensions: [['service']],
            Metrics: [{ Name: 'EcsRefusals', Unit: 'Count' }],
          }),
        ],
      }),
      service: 'shallop',
      EcsRefusals: 2,
    }),
  ]);
});

test('D15: a handler that throws is logged and counted, and Lambda is told', async () => {
  const handler = observed<object, void>().handler(async () => {
    throw new Error('broken');
  });
  await expect(handler({}, context)).rejects.toThrow('broken');
  expect(lines()).toEqual([
    expect.objectContaining({ level: 'ERROR', message: 'the handler failed' }),
    expect.objectContaining({ FunctionFailures: 1 }),
  ]);
});

test('D15: where a failure has an answer, it is given, and counted all the same', async () => {
  const failure = (error: unknown) => (error as Error).message;
  const handler = observed<object, string>({ failure }).handler(async () => {
    throw new Error('broken');
  });
  expect(await handler({}, context)).toBe('broken');
  expect(lines()).toContainEqual(expect.objectContaining({ FunctionFailures: 1 }));
});
