import { expect, test } from '@jest/globals';
import { isIP, isIPv6 } from './ipSyntax.ts';

test.each([
  '0.0.0.0',
  '10.96.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  '2001:db8:0:0:0:0:0:1',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:7::',
])('%s is an address', (text) => expect(isIP(text)).toBe(true));

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '01.2.3.4',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  'g::1',
  '12345::',
  'fe80::1%eth0',
  '1.2.3.4::',
])('%j is none', (text) => expect(isIP(text)).toBe(false));

test('an IPv4 address is no IPv6 address', () => expect(isIPv6('1.2.3.4')).toBe(false));
