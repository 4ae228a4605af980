import { describe, expect, test } from '@jest/globals';
import { validInterfaceAddress } from './strictIP.ts';

const notCidr = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';

/** As apimachinery's TestIsValidInterfaceAddress has it, and more forms of IPv4 in IPv6. */
describe('an address of an interface', () => {
  test.each(['1.2.3.4/24', '1.1.1.1/32', '2001:4860:4860::1/48', '::1/128', '::102:304/128'])(
    '%s is valid',
    (value) => expect(validInterfaceAddress('f', value)).toEqual([]),
  );

  test.each([
    '',
    'aaaaaaa',
    '1.2.3.4',
    '192.168.0.1/healthz',
    '192.168.0.1/0/99',
    '192.168.0.0/-16',
    '192.168.0.0/+16',
    '1.2.3.4/33',
    '::ffff:1.2.3.4/129',
  ])('%j is none', (value) =>
    expect(validInterfaceAddress('f', value)).toMatchObject([
      { field: 'f', message: expect.stringContaining(notCidr) },
    ]),
  );

  test.each([
    { value: '2001:0:0:0::0BCD/64', canonical: '2001::bcd/64' },
    { value: '1.1.01.002/24', canonical: '1.1.1.2/24' },
    { value: '192.168.0.5/016', canonical: '192.168.0.5/16' },
    { value: '::1.2.3.4/128', canonical: '::102:304/128' },
    { value: '::ffff:1.1.1.1/24', canonical: '1.1.1.1/24' },
    { value: '::ffff:1.1.1.1/120', canonical: '1.1.1.1/24' },
    { value: '::ffff:102:304/120', canonical: '1.2.3.4/24' },
    { value: '0:0:0:0:0:FFFF:C0A8:1/128', canonical: '192.168.0.1/32' },
    { value: '::ffff:102:304/96', canonical: '1.2.3.4/0' },
    { value: '::ffff:102:304/64', canonical: '1.2.3.4/-32' },
  ])('$value is to be written as $canonical', ({ value, canonical }) =>
    expect(validInterfaceAddress('f', value)).toMatchObject([
      { field: 'f', message: expect.stringContaining(`must be in canonical form ("${canonical}")`) },
    ]),
  );
});
