import { expect, test } from '@jest/globals';
import type { NodeImage } from '../../../shared/ports/cloud.ts';
import { excessOf, insufficient, removable } from './plan.ts';

const thresholds = { highPercent: 85, lowPercent: 80, minAgeMs: 120_000 };
const now = 1_000_000_000;

test.each([
  { used: 84, excess: undefined, why: 'below the high threshold nothing happens' },
  { used: 85, excess: { usedPercent: 85, toFree: 50 }, why: 'from there on it goes down to the low one' },
  { used: 97, excess: { usedPercent: 97, toFree: 170 }, why: 'the more the fuller it is' },
])('$why ($used %)', ({ used, excess }) => {
  expect(excessOf({ capacity: 1000, available: 1000 - used * 10 }, thresholds)).toEqual(excess);
});

test('100 % is never, and more free than there is counts as all', () => {
  const full = { capacity: 1000, available: 0 };
  expect(excessOf(full, { ...thresholds, highPercent: 100 })).toBeUndefined();
  expect(excessOf({ capacity: 1000, available: 5000 }, thresholds)).toBeUndefined();
});

const image = (id: string, facts: Partial<NodeImage> = {}): NodeImage => ({
  ...{ id, names: [id], since: 0, lastUsed: 0, isUsed: false, isKept: false },
  ...facts,
});

test('images to remove: those that nobody needs, the one that was used longest ago first', () => {
  const images = [
    image('used now', { isUsed: true }),
    image('loaded by hand', { isKept: true }),
    image('just come', { since: now - 119_999 }),
    image('just used', { lastUsed: now - 119_999 }),
    image('later', { lastUsed: now - 200_000 }),
    image('first', { lastUsed: now - 900_000 }),
    image('never', { lastUsed: now - 900_000, since: 1 }),
  ];
  expect(removable(images, { now, minAgeMs: 120_000 }).map(({ id }) => id)).toEqual([
    'first',
    'never',
    'later',
  ]);
});

test.each([
  [512, '512 B'],
  [1536, '1.5 KiB'],
  [100 * 2 ** 30, '100.0 GiB'],
  [2 ** 50, '1024.0 TiB'],
])("a kubelet's words for %d bytes", (capacity, size) => {
  expect(insufficient(90, capacity, 7)).toBe(
    `Insufficient free disk space on the node's image filesystem (90% of ${size} used). Failed to free sufficient space by deleting unused images (freed 7 bytes). Investigate disk usage, as it could be used by active images, logs, volumes, or other data.`,
  );
});
