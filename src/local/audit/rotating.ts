import { createWriteStream, openSync, renameSync, type WriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Clock } from '../../shared/clock/clock.ts';

/** Describes when a log gets another file, and which earlier ones are kept. As the flags of kube-apiserver mean it. */
export interface Rotation {
  /** Bytes that a file may have. */
  readonly mostBytes: number;
  /** Earlier files that are kept; absent: all. */
  readonly mostFiles?: number;
  /** Milliseconds for which they are kept; absent: for ever. */
  readonly mostAgeMs?: number;
}

/** A file that grows to a size and is then set aside under a name with the time. */
export interface RotatingFile {
  /** Appends a line. `done` is called when it has reached the system, or with what went wrong. */
  write(line: string, done?: (error: Error | null | undefined) => void): void;
  close(): Promise<void>;
}

/** Appends to a file. Rejects when it cannot be written. */
export async function openRotating(path: string, rotation: Rotation, clock: Clock): Promise<RotatingFile> {
  let file = await opened(path);
  let size = await stat(path).then(({ size: bytes }) => bytes);
  const closing = new Set<Promise<void>>();
  const setAside = () => {
    const old = file;
    // What has been given to the old file still reaches it, under its new name.
    renameSync(path, backupName(path, clock.now()));
    // It is there at once: the next one may be set aside before a stream has opened its file.
    file = quietly(createWriteStream(path, { fd: openSync(path, appended.flags, appended.mode) }));
    size = 0;
    const ended = ending(old)
      .then(() => removeOld(path, rotation, clock))
      .finally(() => closing.delete(ended));
    closing.add(ended);
  };
  return {
    write(line, done) {
      const bytes = Buffer.byteLength(line);
      // A disk that was full may have room again: a stream that has failed takes nothing any more.
      if (file.destroyed) file = quietly(createWriteStream(path, appended));
      if (size > 0 && size + bytes > rotation.mostBytes)
        try {
          setAside();
        } catch {
          // Somebody else has the file, or took it away: the log goes on where it is.
          size = 0;
        }
      size += bytes;
      file.write(line, done);
    },
    async close() {
      await Promise.all([ending(file), ...closing]);
    },
  };
}

const appended = { flags: 'a', mode: 0o600 };

/** A disk that is full later on ends no request. */
const quietly = (file: WriteStream): WriteStream => file.on('error', () => {});

async function opened(path: string): Promise<WriteStream> {
  const file = createWriteStream(path, appended);
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', reject);
  });
  return quietly(file);
}

const ending = (file: WriteStream): Promise<void> => new Promise((resolve) => file.end(() => resolve()));

/** `audit-2026-11-29T10-00-00.000.log`. */
export function backupName(path: string, now: number): string {
  const { prefix, extension } = partsOf(path);
  const time = new Date(now).toISOString().replaceAll(':', '-').replace('Z', '');
  return join(dirname(path), `${prefix}${time}${extension}`);
}

function partsOf(path: string) {
  const extension = extname(path);
  return { prefix: `${basename(path, extension)}-`, extension };
}

/** Removes earlier files that are too many or too old. */
async function removeOld(path: string, { mostFiles, mostAgeMs }: Rotation, clock: Clock): Promise<void> {
  if (mostFiles === undefined && mostAgeMs === undefined) return;
  const { prefix, extension } = partsOf(path);
  const folder = dirname(path);
  const backups = (await readdir(folder))
    .flatMap((name) => {
      if (!name.startsWith(prefix) || !name.endsWith(extension)) return [];
      const at = timeIn(name.slice(prefix.length, name.length - extension.length));
      return at === undefined ? [] : [{ name, at }];
    })
    .sort((a, b) => b.at - a.at);
  const oldest = mostAgeMs === undefined ? Number.NEGATIVE_INFINITY : clock.now() - mostAgeMs;
  const old = backups.filter(({ at }, index) => index >= (mostFiles ?? backups.length) || at < oldest);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}

function timeIn(text: string): number | undefined {
  const [, day, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(text) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
}
