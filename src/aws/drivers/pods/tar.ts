import { gzipSync } from 'node:zlib';

export interface TarFile {
  /** Relative, at most 255 characters with a folder boundary that leaves 100 for the name. */
  path: string;
  data: Uint8Array;
  mode: number;
}

const block = 512;

/** The files as a gzipped ustar archive, base64: the same files are always the same text. */
export function archive(files: TarFile[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap((file) => [header(file), file.data, Buffer.alloc(padding(file.data.length))]);
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 9 }).toString('base64');
}

const padding = (length: number) => (block - (length % block)) % block;

function header({ path, data, mode }: TarFile): Uint8Array {
  const [prefix, name] = splitPath(path);
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, 100);
  bytes.write(octal(mode, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(data.length, 11), 124);
  bytes.write(octal(0, 11), 136);
  bytes.write(' '.repeat(8), 148);
  bytes.write('0', 156);
  bytes.write('ustar\0', 257);
  bytes.write('00', 263);
  bytes.write(prefix, 345, 155);
  const sum = bytes.reduce((a, b) => a + b, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148);
  return bytes;
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');

function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name];
  }
  throw new RangeError(`the path ${path} is too long for an archive`);
}
