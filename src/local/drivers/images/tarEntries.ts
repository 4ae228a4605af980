import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';

export interface TarEntry {
  header: Header;
  /** The content of a file; what is not read is skipped. */
  body: Readable;
}

/** The entries of a tar stream, one at a time. Throws when it breaks off or is none. */
export async function* tarEntries(tar: Readable): AsyncGenerator<TarEntry> {
  const entries = extract();
  // The library's streams are Node's in all but their types.
  const reading = pipeline(tar, entries as unknown as Writable);
  reading.catch(() => {});
  try {
    for await (const entry of entries) {
      // A body that broke off before somebody reads it only fails who iterates: a pipeline would wait for ever.
      yield { header: entry.header, body: Readable.from(entry, { objectMode: false }) };
      entry.resume();
    }
    await reading;
  } finally {
    entries.destroy();
  }
}
