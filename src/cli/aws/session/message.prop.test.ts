import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeMessage, encodeMessage } from './message.ts';

const message = fc.record({
  type: fc.constantFrom('input_stream_data', 'output_stream_data', 'acknowledge', 'channel_closed'),
  sequence: fc.nat(),
  id: fc.uuid(),
  payloadType: fc.nat(20),
  payload: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  createdAt: fc.nat(2 ** 41),
  flags: fc.nat(3),
});

test('what is written is read', () => {
  fc.assert(fc.property(message, (each) => expect(decodeMessage(encodeMessage(each))).toEqual(each)));
});

test('the fields stand where Session Manager has them', () => {
  const id = '00112233-4455-6677-8899-aabbccddeeff';
  const bytes = encodeMessage({
    type: 'acknowledge',
    sequence: 5,
    id,
    payloadType: 1,
    payload: Buffer.from('hi'),
    createdAt: 9,
  });
  expect(bytes.readUInt32BE(0)).toBe(116);
  expect(bytes.toString('latin1', 4, 36)).toBe('acknowledge'.padEnd(32));
  expect(bytes.readBigInt64BE(48)).toBe(5n);
  expect(bytes.toString('hex', 64, 80)).toBe('8899aabbccddeeff0011223344556677');
  expect(bytes.readUInt32BE(116)).toBe(2);
  expect(bytes.toString('latin1', 120)).toBe('hi');
});

test('a payload that was changed, or cut, is refused', () => {
  const bytes = encodeMessage({
    type: 'x',
    sequence: 0,
    id: '00112233-4455-6677-8899-aabbccddeeff',
    payloadType: 1,
    payload: Buffer.from('hi'),
    createdAt: 0,
  });
  bytes[121]! ^= 1;
  expect(() => decodeMessage(bytes)).toThrow('digest');
  expect(() => decodeMessage(bytes.subarray(0, 100))).toThrow('truncated');
});
