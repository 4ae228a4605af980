import { expect, test } from '@jest/globals';
import { Lanes } from './lanes.ts';

test('so many run at once and no more, and all are waited for', async () => {
  const lanes = new Lanes(3);
  let running = 0;
  let most = 0;
  let ended = 0;
  for (let i = 0; i < 20; i++)
    await lanes.run(async () => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn <= i % 5; turn++) await new Promise(setImmediate);
      running--;
      ended++;
    });
  await lanes.empty();
  expect({ most, running, ended }).toEqual({ most: 3, running: 0, ended: 20 });
});

test('what one of them throws ends the rest', async () => {
  const lanes = new Lanes(2);
  const broken = async () => {
    throw new Error('the server left');
  };
  await lanes.run(broken);
  await expect(lanes.empty()).rejects.toThrow('the server left');
  await expect(lanes.run(async () => {})).rejects.toThrow('the server left');
});
