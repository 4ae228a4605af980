import { isReason } from '../../errors/apiError.ts';
import type { Pod, PodStatus } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';

/** Answers whether it wrote the status: false where that says so already, and for a Pod that is gone. */
export async function report(object: Pod, status: PodStatus, { client }: ReconcileContext): Promise<boolean> {
  if (same(status, object.status)) return false;
  try {
    await client.updateStatus(pods, { ...object, status });
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}
