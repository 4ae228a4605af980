import { expect, test } from '@jest/globals';
import { metricOf } from './podTrouble.ts';
import { tellingRefusals } from './throttles.ts';

test.each([
  ['Warning', 'FailedCreatePodSandBox', 'EcsRefusals'],
  ['Warning', 'Failed', 'PodsNotStarting'],
  ['Warning', 'FailedMount', 'PodsNotStarting'],
  ['Warning', 'BackOff', undefined],
  ['Warning', 'Unhealthy', undefined],
  ['Warning', 'constructor', undefined],
  ['Normal', 'Failed', undefined],
  ['Normal', 'Pulled', undefined],
] as const)('D15: an Event %s %s counts as %s', (type, reason, metric) =>
  expect(metricOf({ type, reason })).toBe(metric),
);

async function refusalsBy(name: string): Promise<number> {
  let told = 0;
  type Handler = (args: object) => Promise<unknown>;
  let middleware: (next: Handler) => Handler = (next) => next;
  const add = (added: typeof middleware) => {
    middleware = added;
  };
  const tell = () => {
    told++;
  };
  tellingRefusals({ middlewareStack: { add } }, tell);
  const send = middleware(async () => {
    throw Object.assign(new Error('no'), { name });
  });
  await expect(send({})).rejects.toThrow('no');
  return told;
}

test.each([
  ['ThrottlingException', 1],
  ['LimitExceededException', 1],
  ['AccessDeniedException', 1],
  // A family that has no revision yet is asked for in the ordinary course of things.
  ['ClientException', 0],
  ['InvalidParameterException', 0],
])('D15: an answer %s of ECS counts %d times', async (name, times) =>
  expect(await refusalsBy(name)).toBe(times),
);
