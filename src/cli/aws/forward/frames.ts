export const muxCommands = { open: 0, end: 1, data: 2, nothing: 3 } as const;

export interface MuxFrame {
  /** One of `muxCommands`. */
  command: number;
  /** The connection's number; the client's own are odd. */
  id: number;
  data: Buffer;
}

const version = 1;
const headLength = 8;

/** A frame of smux; its numbers have the low byte first. */
export function encodeMuxFrame(command: number, id: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(headLength);
  head[0] = version;
  head[1] = command;
  head.writeUInt16LE(data.length, 2);
  head.writeUInt32LE(id, 4);
  return Buffer.concat([head, data]);
}

/** Takes frames apart, however the bytes come. Throws on another version. */
export class MuxFrameReader {
  #bytes: Buffer = Buffer.alloc(0);

  take(bytes: Uint8Array): MuxFrame[] {
    const all = Buffer.concat([this.#bytes, bytes]);
    const frames: MuxFrame[] = [];
    let at = 0;
    while (all.length - at >= headLength) {
      if (all[at] !== version) throw new Error('unsupported version of smux');
      const end = at + headLength + all.readUInt16LE(at + 2);
      if (all.length < end) break;
      frames.push({
        command: all[at + 1]!,
        id: all.readUInt32LE(at + 4),
        data: all.subarray(at + headLength, end),
      });
      at = end;
    }
    this.#bytes = all.subarray(at);
    return frames;
  }
}
