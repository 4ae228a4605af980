import { expect, test } from '@jest/globals';
import { Interruption } from './interruption.ts';

test('who has asked is told, anything else is ended', () => {
  const ended: string[] = [];
  const interruption = new Interruption((reason) => ended.push(reason));
  interruption.ask('SIGINT');
  expect(ended).toEqual(['SIGINT']);
  const { signal } = interruption;
  interruption.ask('SIGTERM');
  expect({ ended, aborted: signal.aborted, reason: signal.reason }).toEqual({
    ...{ ended: ['SIGINT'], aborted: true, reason: 'SIGTERM' },
  });
  interruption.over();
  interruption.ask('SIGHUP');
  expect(ended).toEqual(['SIGINT', 'SIGHUP']);
});
