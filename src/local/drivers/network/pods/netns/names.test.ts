import { expect, test } from '@jest/globals';
import { namesOf } from './names.ts';

test('a Pod has the hardware address that goes with its address', () => {
  expect(namesOf(0).hardwareOf('10.128.1.255')).toBe('0a:58:0a:80:01:ff');
  expect(namesOf(0).hardwareOf('10.128.127.16')).toBe('0a:58:0a:80:7f:10');
});
