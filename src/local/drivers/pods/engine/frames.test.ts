import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFrameParser, jsonLines, type StreamName } from './frames.ts';

const frame = (stream: StreamName, text: string): Buffer => {
  const bytes = Buffer.from(text);
  const head = Buffer.from([stream === 'stderr' ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
};
const frames = fc.array(
  fc.record({ stream: fc.constantFrom<StreamName>('stdout', 'stderr'), text: fc.string({ minLength: 1 }) }),
);

test('frames are the same however the bytes come', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 40 })), (list, cuts) => {
      const bytes = Buffer.concat(list.map(({ stream, text }) => frame(stream, text)));
      const parse = createFrameParser();
      const got: { stream: StreamName; text: string }[] = [];
      let begun: Buffer[] = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const length = cuts[i % (cuts.length || 1)] ?? 7;
        for (const { stream, bytes: part, isWhole } of parse(bytes.subarray(at, at + length))) {
          begun.push(part);
          if (!isWhole) continue;
          got.push({ stream, text: Buffer.concat(begun).toString() });
          begun = [];
        }
        at += length;
      }
      expect(got).toEqual(list);
    }),
  );
});

test('lines of JSON are read across chunks; what is none is left out', async () => {
  const source = Readable.from([Buffer.from('{"a":1}\n{"a"'), Buffer.from(':2}\r\nnonsense\n\n{"a":3}')]);
  const got: unknown[] = [];
  for await (const each of jsonLines(source)) got.push(each);
  expect(got).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
});
