import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from '@jest/globals';
import { Thread } from './thread.ts';
import { Turns } from './turns.ts';

const longMs = 60_000;
const program = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (task) => task === 'for ever' || parentPort.postMessage(task));
`;
let started: Worker[] = [];
const ask = (thread: Thread, task: string) => thread.ask(task, longMs, 'too long');
const open = () =>
  new Thread(() => {
    const worker = new Worker(program, { eval: true });
    started.push(worker);
    return worker;
  });
afterEach(async () => {
  await Promise.all(started.map((worker) => worker.terminate()));
  started = [];
});

test('what waits when it is closed is refused, and starts no thread again', async () => {
  const [thread, turns] = [open(), new Turns()];
  const works = ['for ever', 'a', 'b'].map((task) => turns.take({}, () => ask(thread, task)));
  const refused = works.map((work) =>
    expect(work).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: 'the server is shutting down',
    }),
  );
  await thread.close();
  await Promise.all(refused);
  expect(started).toHaveLength(1);
});

test('a thread that ends while nobody asks it is followed by another', async () => {
  const thread = open();
  expect(await ask(thread, 'a')).toBe('a');
  await started[0]!.terminate();
  expect(await ask(thread, 'b')).toBe('b');
  expect(started).toHaveLength(2);
});

test('one that fails then is no error of this process', async () => {
  const thread = open();
  await ask(thread, 'a');
  const [worker] = started;
  worker!.emit('error', new Error('out of memory'));
  await worker!.terminate();
  expect(await ask(thread, 'b')).toBe('b');
});

test('a task over its time ends with its thread', async () => {
  const thread = open();
  expect(await thread.ask('for ever', 1, 'too long')).toEqual({ unfinished: 'too long' });
  expect(await ask(thread, 'a')).toBe('a');
  expect(started).toHaveLength(2);
});
