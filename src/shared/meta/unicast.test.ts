import { expect, test } from '@jest/globals';
import { isUnicastOfOthers } from './unicast.ts';

test.each(['10.0.0.1', '192.0.2.1', '223.255.255.255', '2001:db8::1', 'fd00::5', '2001:DB8::A'])(
  '%s is an address of others',
  (ip) => expect(isUnicastOfOthers(ip)).toBe(true),
);

test.each([
  ...['', 'localhost', '10.0.0', '127.1', '2130706433', '010.0.0.1', '10.0.0.1.', '10.0.0.256'],
  ...['0.0.0.0', '127.0.0.1', '127.255.255.254', '169.254.169.254', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '0:0:0:0:0:0:0:1', '::FFFF:127.0.0.1', '0::ffff:a00:1', 'fe80::1', 'FEBF::1', 'ff02::1'],
  ...['fe80::1%eth0', '2001:db8::1%eth0', '[2001:db8::1]', '2001:db8', '1:2:3:4:5:6:7:8:9'],
])('%j is not', (ip) => expect(isUnicastOfOthers(ip)).toBe(false));
