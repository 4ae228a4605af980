const pieceBytes = 64 * 1024;

/** Room for many values in few pieces of memory: one piece for each would be more work to collect than to read. */
export class Slab {
  #piece = Buffer.alloc(0);
  #taken = 0;

  /** A copy of the first `length` bytes of `source`. */
  copy(source: Buffer, length: number): Buffer {
    if (length > this.#piece.length - this.#taken) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, length));
      this.#taken = 0;
    }
    const start = this.#taken;
    this.#taken += source.copy(this.#piece, start, 0, length);
    return this.#piece.subarray(start, this.#taken);
  }
}
