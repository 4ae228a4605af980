import { createRequire } from 'node:module';

/** Node's `fs` without what an `import` of its values loads besides, `fs/promises` and `readline` among it: 3 ms of each command. */
export const nodeFs = createRequire(import.meta.url)('node:fs') as typeof import('node:fs');
