import type { World } from '../packedWorld.ts';
import { automator } from './automation.ts';
import { developer } from './developer.ts';
import { learner, newcomer } from './newcomer.ts';
import { clusterMaker, onlooker } from './onlooker.ts';
import { operatorAuthor } from './operator.ts';

/** Who reads which page of docs/ first, and does what it says. Those who write tests: test/e2e/packedLibrary.test.ts. */
export const readers: Record<string, (world: World) => Promise<void>> = {
  'first-ten-minutes.md': newcomer,
  'learn.md': learner,
  'dev.md': developer,
  'console.md': onlooker,
  'clusters.md': clusterMaker,
  'events.md': automator,
  'envtest.md': operatorAuthor,
};
