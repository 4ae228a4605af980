import { setTimeout as passing } from 'node:timers/promises';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { functionName } from '../../../src/aws/names.ts';
import type { Experiment } from '../experiment.ts';

/** What a client is told when Lambda does not begin the function of the API. */
export const notBegun: Experiment = {
  name: 'not-begun',
  question: 'What is answered when Lambda does not begin the function: 503 or 500, a Status, `Retry-After`?',
  emulatorLacks: 'begins every function',
  run: async ({ endpoint, name }) => {
    const lambda = new LambdaClient({});
    const FunctionName = functionName(name, 'api');
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    try {
      await passing(10_000);
      const response = await fetch(`${endpoint}/version`);
      const text = await response.text();
      const retry = response.headers.get('retry-after');
      const isStatus = /"kind":\s*"Status"/.test(text);
      const says = `${response.status}, ${isStatus ? 'a Status' : text.slice(0, 100)}, Retry-After ${retry ?? 'missing'}`;
      return { judgement: isStatus && retry ? 'holds' : 'differs', says };
    } finally {
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      await passing(10_000);
    }
  },
};
