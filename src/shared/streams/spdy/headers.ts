import { createInflate } from 'node:zlib';
import { table } from '../../meta/table.ts';
import { headerDictionary } from './dictionary.ts';

/** No connection needs more for a stream's headers. */
const longest = 64 * 1_024;

/**
 * Reads the headers of one connection's streams. They are one compressed stream: every block has to be read, in
 * order. Names are in lower case. Rejects what is no such block.
 */
export function headerReader(): (block: Buffer) => Promise<Record<string, string>> {
  const inflate = createInflate({ dictionary: headerDictionary() });
  let parts: Buffer[] = [];
  let size = 0;
  inflate.on('data', (part: Buffer) => {
    parts.push(part);
    size += part.length;
    if (size > longest) inflate.destroy(new Error('the headers are too long'));
  });
  let broken: (error: Error) => void = () => {};
  inflate.on('error', (error) => broken(error));
  return async (block) => {
    parts = [];
    size = 0;
    await new Promise<void>((resolve, reject) => {
      broken = reject;
      inflate.write(block, (error) => (error ? reject(error) : resolve()));
    });
    return parse(Buffer.concat(parts));
  };
}

function parse(bytes: Buffer): Record<string, string> {
  let at = 0;
  const number = () => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  const word = () => {
    const length = number();
    at += length;
    if (at > bytes.length) throw new Error('the headers are cut off');
    return bytes.toString('utf8', at - length, at);
  };
  const headers: Record<string, string> = table({});
  for (let count = number(); count > 0; count--) headers[word()] = word();
  return headers;
}

/** A block of four bytes that says no headers, stored as it is, and the mark that has the reader give it out. */
const noneStored = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
const beginOfZlib = Buffer.from([0x78, 0x01]);

/** Writes the headers of one connection's replies, of which there are none: so that nothing has to be compressed. */
export function emptyHeaders(): () => Buffer {
  let begun = false;
  return () => {
    const block = begun ? noneStored : Buffer.concat([beginOfZlib, noneStored]);
    begun = true;
    return block;
  };
}
