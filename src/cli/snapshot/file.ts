import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { isAlive, startTimeOf } from '../../local/drivers/pods/process/identity.ts';
import type { KubeObject } from '../kube/objects.ts';

const format = 'shallop.dev/cluster-snapshot';
const newest = 1;

/** The first line of a snapshot. */
export interface Header {
  format: typeof format;
  version: number;
  /** The logical cluster that it was taken of. */
  cluster: string;
  /** When it was begun, as RFC 3339 has it. */
  taken: string;
  /** The version of shallop that wrote it. */
  shallop: string;
}

/** The last line: without it the file was cut. */
interface Footer {
  objects: number;
  /** Of all lines before, with their ends. */
  sha256: string;
}

/**
 * Writes a snapshot: lines of JSON in gzip, readable by its owner only. It has its name when it is whole. Answers how
 * many objects there are. Throws when there is a file of that name.
 */
export async function writeSnapshot(
  path: string,
  about: Omit<Header, 'format' | 'version'>,
  objects: AsyncIterable<KubeObject>,
): Promise<number> {
  const partial = `${path}.partial`;
  await reserve(path);
  let count = 0;
  async function* lines() {
    const hash = createHash('sha256');
    const line = (value: object) => {
      const text = `${JSON.stringify(value)}\n`;
      hash.update(text);
      return text;
    };
    yield line({ format, version: newest, ...about });
    for await (const object of objects) {
      count++;
      yield line(object);
    }
    yield `${JSON.stringify({ objects: count, sha256: hash.digest('hex') })}\n`;
  }
  try {
    // Not the file of an earlier try, or of somebody else, nor what a link there leads to.
    await rm(partial, { force: true });
    const handle = await open(partial, 'wx', 0o600);
    await pipeline(Readable.from(lines()), createGzip(), handle.createWriteStream({ flush: true }));
    await rename(partial, path);
    return count;
  } catch (error) {
    await Promise.all([rm(partial, { force: true }), rm(path, { force: true })]);
    throw error;
  }
}

/**
 * Takes the name of a snapshot before that is written, also from somebody who was killed meanwhile.
 * @throws when the file is anything else.
 */
async function reserve(path: string): Promise<void> {
  const own = { reserved: format, pid: process.pid, startTime: startTimeOf(process.pid), host: hostname() };
  const take = () => writeFile(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
  await take().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await isForsaken(path))) throw error;
    await rm(path);
    return take();
  });
}

async function isForsaken(path: string): Promise<boolean> {
  const found = await lstat(path);
  if (!found.isFile() || found.size > 1_000) return false;
  const { reserved, pid, startTime, host } = parsed(await readFile(path, 'utf8')) ?? {};
  // Other files name processes too: that of a data folder which says who serves it.
  if (reserved !== format || typeof pid !== 'number' || typeof startTime !== 'string') return false;
  return host === hostname() && !isAlive({ pid, startTime });
}

/** No object is so large. */
const longestLine = 8 * 1024 * 1024;

/**
 * Reads a snapshot, its header first. Throws at what is broken, cut or of another kind, at the latest after the last
 * object: who acts on objects reads it to its end before.
 */
export async function* readSnapshot(path: string): AsyncGenerator<Header | KubeObject> {
  const refuse = (why: string) => new Error(`${path} is not a complete snapshot of a cluster: ${why}`);
  const hash = createHash('sha256');
  let count = -1;
  let footer: Footer | undefined;
  for await (const line of linesIn(path, refuse)) {
    if (footer) throw refuse('something follows its end');
    const value = parsed(line);
    if (!value) throw refuse(count < 0 ? 'it does not begin as one' : `line ${count + 2} is no JSON`);
    if (count < 0) checkHeader(value, refuse);
    if (count >= 0 && typeof value.sha256 === 'string') {
      footer = value as unknown as Footer;
      continue;
    }
    hash.update(line).update('\n');
    count++;
    yield value as unknown as Header | KubeObject;
  }
  if (!footer) throw refuse('it was cut');
  if (footer.objects !== count || footer.sha256 !== hash.digest('hex')) throw refuse('its checksum is wrong');
}

function checkHeader(header: Record<string, unknown>, refuse: (why: string) => Error): void {
  if (header.format !== format) throw refuse('it does not begin as one');
  if (typeof header.version !== 'number' || header.version > newest)
    throw refuse(`its version is ${header.version}, and this shallop knows ${newest}`);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

async function* linesIn(path: string, refuse: (why: string) => Error): AsyncGenerator<string> {
  const unzipped = createGunzip();
  const reading = pipeline(createReadStream(path), unzipped);
  reading.catch(() => {});
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of unzipped) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop()!;
      if (rest.length > longestLine) throw refuse('a line is longer than any object');
      yield* lines;
    }
    await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw refuse('it was cut');
    if (code?.startsWith('Z_')) throw refuse('it is no gzip, or damaged');
    throw error;
  }
  if (rest) throw refuse('it was cut');
}
