import { expect, test } from '@jest/globals';
import { testServer } from '../../shared/api/testing/testingServer.ts';
import type { DeadLetter } from '../../shared/ports/outbox.ts';
import { deadLetterPaths } from './deadLetters.ts';

const letter: DeadLetter = {
  ...{ number: 7, to: 'rule/target', object: '/o', id: 'i', source: 's', bytes: 1, since: 0 },
  ...{ reason: 'the receiver answered 400', died: 1_000 },
};
const path = '/events/dead-letters';

async function open() {
  const asked: unknown[] = [];
  const deadLetters = deadLetterPaths({
    deadLetters: () => [letter],
    retry: async (numbers) => asked.push(['retry', numbers]),
    drop: async (numbers) => asked.push(['drop', numbers]),
  });
  return { asked, ...(await testServer({ deployment: 'test', deadLetters })) };
}

test('dead letters are listed without what their events say', async () => {
  const { send } = await open();
  const { since: _, died: __, bytes: ___, source: ____, ...shown } = letter;
  expect((await send(`GET ${path}`)).json).toEqual({
    items: [{ ...shown, since: '1970-01-01T00:00:00.000Z', died: '1970-01-01T00:00:01.000Z' }],
  });
});

test('those of some numbers, or all, are tried again and dropped', async () => {
  const { send, asked } = await open();
  expect((await send(`POST ${path}`, { body: { numbers: [7, 8] } })).json).toEqual({ retried: 1 });
  expect((await send(`DELETE ${path}`)).json).toEqual({ dropped: 2 });
  expect(asked).toEqual([
    ['retry', [7, 8]],
    ['drop', undefined],
  ]);
});

test.each(['x', '{}', '{"numbers":["7"]}', '{"numbers":7}', 'null'])(
  'a body of %s does nothing',
  async (body) => {
    const { send, asked } = await open();
    expect((await send(`DELETE ${path}`, { body })).status).toBe(400);
    expect(asked).toEqual([]);
  },
);

test('they are for those who may, and nowhere else', async () => {
  const { send } = await open();
  const jane = { peer: { certificate: { commonName: 'jane', organizations: [] } } };
  for (const method of ['GET', 'POST', 'DELETE'])
    expect((await send(`${method} ${path}`, jane)).status).toBe(403);
  expect((await send(`PUT ${path}`)).status).toBe(405);
  expect((await send(`GET ${path}/7`)).status).toBe(404);
});
