import { expect, test } from '@jest/globals';
import { Slab } from './slab.ts';

test('copies stay as they were, however long they are and whatever the source becomes', () => {
  const slab = new Slab();
  const source = Buffer.alloc(400_000);
  const lengths = [1, 1500, 0, 200_000, 100_000, 400_000, 7];
  const copies = lengths.map((length, i) => slab.copy(source.fill(i + 1), length));
  copies.forEach((copy, i) => {
    expect(copy.equals(Buffer.alloc(lengths[i]!, i + 1))).toBe(true);
  });
});
