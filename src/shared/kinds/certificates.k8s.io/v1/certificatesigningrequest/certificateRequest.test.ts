import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { certificateRequestIn } from './certificateRequest.ts';
import { requests } from './testing.ts';

test('a request says whom it is for, whatever the kind of its key', () => {
  expect(certificateRequestIn(requests.jane)).toMatchObject({
    commonName: 'jane',
    organizations: ['devs', 'ops'],
  });
  expect(certificateRequestIn(requests.master).organizations).toEqual(['system:masters']);
  expect(certificateRequestIn(requests.node).commonName).toBe('system:node:n1');
  expect(certificateRequestIn(requests.kubelet)).toEqual({
    commonName: 'system:node:n1',
    organizations: ['system:nodes'],
    dnsNames: ['n1'],
    emails: ['a@b.c'],
    uris: ['spiffe://x'],
    addresses: [Buffer.from([10, 0, 0, 1])],
  });
});

const der = Buffer.from(
  Buffer.from(requests.jane, 'base64')
    .toString()
    .replace(/-----.*?-----|\s/g, ''),
  'base64',
);
const inPem = (bytes: Uint8Array, type = 'CERTIFICATE REQUEST') =>
  Buffer.from(
    `-----BEGIN ${type}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${type}-----\n`,
  ).toString('base64');

describe('what is no request is refused', () => {
  test.each([
    { request: '', says: 'PEM block type must be CERTIFICATE REQUEST' },
    { request: inPem(der, 'CERTIFICATE'), says: 'PEM block type must be CERTIFICATE REQUEST' },
    { request: inPem(der.subarray(0, 50)), says: 'asn1: syntax error: data truncated' },
    { request: inPem(Buffer.concat([der, der])), says: 'asn1: syntax error: trailing data' },
    { request: inPem(Buffer.from([2, 1, 0])), says: "asn1: structure error: tags don't match" },
    { request: inPem(altered(der, 'jane', 'root')), says: 'x509: verification failure' },
  ])('$says', ({ request, says }) => {
    expect(() => certificateRequestIn(request)).toThrow(says);
  });

  test('whatever byte is changed, nobody else is read out of it', () => {
    const unchanged = certificateRequestIn(requests.jane);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(der);
        bytes[at] = (bytes[at]! + by) % 256;
        const read = () => {
          try {
            return certificateRequestIn(inPem(bytes));
          } catch {
            return unchanged;
          }
        };
        expect(read()).toEqual(unchanged);
      }),
    );
  });
});

function altered(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from), 'latin1');
  return copy;
}
