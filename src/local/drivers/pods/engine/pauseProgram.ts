import { table } from '../../../../shared/meta/table.ts';

/**
 * The program that keeps a Pod's namespaces: it ignores SIGCHLD, so that the kernel takes leave of whatever the Pod's
 * containers leave behind where it is their first process, and sleeps. An image of it would have to come from a
 * registry; a few instructions do not. Undefined for architectures that nobody has written them for.
 */
export function pauseProgram(architecture: string): Buffer | undefined {
  const known = programs[architecture];
  return known && elf(known.machine, known.code);
}

/** Is what rt_sigaction(2) is given: SIG_IGN, and no flags, restorer or mask. */
const ignore = Buffer.alloc(32);
ignore.writeBigUInt64LE(1n);

const programs: Record<string, { machine: number; code: Buffer }> = table({
  amd64: {
    machine: 62,
    code: Buffer.concat([
      Buffer.from([
        ...[0x48, 0x8d, 0x35, 33, 0, 0, 0], // lea rsi, [rip + 33]: ignore
        ...[0xbf, 17, 0, 0, 0], // mov edi, SIGCHLD
        ...[0x31, 0xd2], // xor edx, edx
        ...[0x41, 0xba, 8, 0, 0, 0], // mov r10d, 8
        ...[0xb8, 13, 0, 0, 0], // mov eax, rt_sigaction
        ...[0x0f, 0x05], // syscall
        ...[0xb8, 34, 0, 0, 0], // mov eax, pause
        ...[0x0f, 0x05], // syscall
        ...[0xeb, 0xf7], // jmp to the last mov
        ...[0, 0, 0, 0],
      ]),
      ignore,
    ]),
  },
  arm64: {
    machine: 183,
    code: Buffer.concat([
      words([
        0x10000000 | (14 << 5) | 1, // adr x1, 14 words on: ignore
        ...[movz(0, 17), movz(2, 0), movz(3, 8), movz(8, 134)], // SIGCHLD, none, 8, rt_sigaction
        svc(),
        ...[movz(0, 0), movz(1, 0), movz(2, 0), movz(3, 0), movz(4, 0), movz(8, 73)], // ppoll of nothing, for ever
        svc(),
        0x14000000 | (-7 & 0x03ffffff), // b seven words back
      ]),
      ignore,
    ]),
  },
});

function movz(register: number, value: number): number {
  return (0xd2800000 | (value << 5) | register) >>> 0;
}

function svc(): number {
  return 0xd4000001;
}

function words(list: number[]): Buffer {
  const bytes = Buffer.alloc(list.length * 4);
  for (const [i, word] of list.entries()) bytes.writeUInt32LE(word >>> 0, i * 4);
  return bytes;
}

const headBytes = 64;
const segmentBytes = 56;
const base = 0x400000;

/** An executable of one segment that starts with its first instruction. */
function elf(machine: number, code: Buffer): Buffer {
  const head = Buffer.alloc(headBytes + segmentBytes);
  const size = BigInt(head.length + code.length);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(2, 16); // an executable
  head.writeUInt16LE(machine, 18);
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(BigInt(base + head.length), 24); // where it starts
  head.writeBigUInt64LE(BigInt(headBytes), 32); // where its segments are told
  head.writeUInt16LE(headBytes, 52);
  head.writeUInt16LE(segmentBytes, 54);
  head.writeUInt16LE(1, 56); // segments
  head.writeUInt32LE(1, headBytes); // to be loaded
  head.writeUInt32LE(5, headBytes + 4); // to be read and executed
  head.writeBigUInt64LE(BigInt(base), headBytes + 16);
  head.writeBigUInt64LE(BigInt(base), headBytes + 24);
  head.writeBigUInt64LE(size, headBytes + 32);
  head.writeBigUInt64LE(size, headBytes + 40);
  head.writeBigUInt64LE(0x10000n, headBytes + 48); // the largest page
  return Buffer.concat([head, code]);
}
