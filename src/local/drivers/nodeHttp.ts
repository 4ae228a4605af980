import { createRequire } from 'node:module';

/**
 * Node's `http` without what an `import` of its values loads besides: an import asks for every export at once, also for those
 * that Node makes of undici when somebody first wants them (`WebSocket`, `MessageEvent`), which takes 30 ms and 13 MiB.
 */
export const nodeHttp = createRequire(import.meta.url)('node:http') as typeof import('node:http');
