import type { Task } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { badRequest } from '../../../shared/errors/common.ts';
import { gathered } from './gathered.ts';

const arnOf = (id: string) => `arn:aws:ecs:us-east-1:000000000000:task/pods/${id}`;

/** Calls that are answered when the test says so. */
function asking() {
  const clock = new ManualClock();
  const calls: { ids: string[]; answer(): void; fail(error: Error): void }[] = [];
  const describe = gathered(clock, (ids) => {
    const { promise, resolve, reject } = Promise.withResolvers<Task[]>();
    const tasks = ids.map((id): Task => ({ taskArn: arnOf(id) }));
    calls.push({ ids, answer: () => resolve(tasks), fail: reject });
    return promise;
  });
  const idsOf = async (found: Promise<Task[]>) => (await found).map(({ taskArn }) => taskArn);
  return { clock, calls, ask: (...ids: string[]) => idsOf(describe(ids)) };
}
const turn = () => new Promise(setImmediate);

test('D3: what is asked while a call is under way goes together in the next one, and each gets its own', async () => {
  const { calls, ask } = asking();
  const [first, second, third] = [ask('a'), ask('b'), ask(arnOf('c'), 'b')];
  expect(calls.map(({ ids }) => ids)).toEqual([['a']]);
  calls[0]!.answer();
  expect(await first).toEqual([arnOf('a')]);
  await turn();
  expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
  calls[1]!.answer();
  expect(await second).toEqual([arnOf('b')]);
  expect(await third).toEqual([arnOf('b'), arnOf('c')]);
  await turn();
  // Nothing is under way any more.
  void ask('d');
  expect(calls.at(-1)?.ids).toEqual(['d']);
});

test('a task that is asked for by its name and by its ARN comes once', async () => {
  const { calls, ask } = asking();
  void ask('a');
  const [byName, byArn] = [ask('b'), ask(arnOf('b'))];
  calls[0]!.answer();
  await turn();
  expect(calls[1]?.ids).toEqual(['b']);
  calls[1]!.answer();
  expect([await byName, await byArn]).toEqual([[arnOf('b')], [arnOf('b')]]);
});

test('one call takes a hundred', async () => {
  const { calls, ask } = asking();
  void ask('first');
  for (let i = 0; i < 130; i++) void ask(`task-${i}`);
  calls[0]!.answer();
  await turn();
  expect(calls.slice(1).map(({ ids }) => ids.length)).toEqual([100, 30]);
});

test('a call that failed fails who asked; of a name that is no task only the one who asked for it', async () => {
  const { calls, ask } = asking();
  const [first, second, wrong] = [ask('a'), ask('b'), ask('no task')];
  calls[0]!.fail(new Error('out'));
  await expect(first).rejects.toThrow('out');
  await turn();
  calls[1]!.fail(badRequest('Invalid identifier'));
  await turn();
  expect(calls.slice(2).map(({ ids }) => ids)).toEqual([['b'], ['no task']]);
  calls[2]!.answer();
  calls[3]!.fail(badRequest('Invalid identifier'));
  expect(await second).toEqual([arnOf('b')]);
  await expect(wrong).rejects.toThrow('Invalid identifier');
});

test('nobody waits for a call that has hung for long', async () => {
  const { clock, calls, ask } = asking();
  void ask('a');
  await clock.advance(2_001);
  void ask('b');
  expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
});
