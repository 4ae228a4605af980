import { expect, test } from '@jest/globals';
import { Columns } from './columns.ts';
import { statusColour } from './statusColour.ts';

test.each([
  ['STATUS', 'Running', 'green'],
  ['STATUS', 'CrashLoopBackOff', 'red'],
  ['STATUS', 'Init:ErrImagePull', 'red'],
  ['STATUS', 'Init:0/1', 'yellow'],
  ['STATUS', 'Ready,SchedulingDisabled', 'yellow'],
  ['STATUS', 'NotReady', 'red'],
  ['READY', '1/3', 'yellow'],
  ['READY', '3/3', undefined],
  ['TYPE', 'Warning', 'red'],
  ['TYPE', 'LoadBalancer', undefined],
  ['NAME', 'Running', undefined],
])('%s %s', (column, cell, colour) => {
  expect(statusColour(column, cell)).toBe(colour);
});

test('a colour takes no room', () => {
  const rows = [
    ['NAME', 'STATUS', 'AGE'],
    ['a', 'Running', '1s'],
  ];
  const plain = new Columns().rows(rows);
  const painted = new Columns().rows(rows, (cell) => `<${cell}>`);
  expect(painted.map((line) => line.replace(/[<>]/g, ''))).toEqual(plain);
});
