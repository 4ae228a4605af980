import { observed } from '../../src/aws/observability/observed.ts';
import { openResync, type ResyncEvent } from '../../src/aws/work/resync.ts';
import type { ResyncSummary } from '../../src/shared/controllers/manager/queue/index.ts';

/** Each minute: what got lost is offered again. `{"whole": true}` offers everything. */
export const handler = observed<ResyncEvent, ResyncSummary>().handler(openResync(process.env));
