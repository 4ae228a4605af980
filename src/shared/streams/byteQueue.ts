/** So much is kept for the next bytes once all have been taken. */
const keptBytes = 65_536;
const none = Buffer.alloc(0);

/**
 * Holds bytes that come in pieces until there are enough of them. However small the pieces, each byte is copied a few times
 * at most, and there is room for no more than twice what waits.
 */
export class ByteQueue {
  #room: Buffer = none;
  #start = 0;
  #end = 0;

  add(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#room.length) this.#makeRoom(bytes.length);
    this.#room.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Returns what waits: good until bytes are added. */
  get waiting(): Buffer {
    return this.#room.subarray(this.#start, this.#end);
  }

  /** Takes the first bytes away. */
  drop(count: number): void {
    this.#start += count;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#room.length > keptBytes) this.#room = none;
  }

  #makeRoom(more: number): void {
    const { waiting } = this;
    const needed = waiting.length + more;
    // What has been taken leaves room; only where that is half of it, so that moving the rest pays.
    if (needed > this.#room.length / 2) this.#room = Buffer.allocUnsafe(2 * needed);
    this.#room.set(waiting);
    this.#start = 0;
    this.#end = waiting.length;
  }
}
