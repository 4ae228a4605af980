/**
 * The queue driver of the controllers: changes of the log → dispatch() → queue → worker → reconcile(). Pure: streams,
 * queues and timers are the composition root's. See docs/adr for what may happen to a message and why it does no harm.
 */
export { openCoalescing } from './coalesce.ts';
export { type DispatchDeps, dispatch, type LoggedChange } from './dispatch.ts';
export { type Addressed, longestDelayMs, type Order, type Timers, type WorkQueues } from './queues.ts';
export { openMemory } from './rest.ts';
export { type ResyncSummary, resync } from './resync.ts';
export { decodeWork, encodeWork, type Group, groupOf, type Work, workFor, workId } from './work.ts';
export { createWorker, type Worker } from './worker.ts';
