import { ApiError } from '../../errors/apiError.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { ReconcileContext } from '../controller.ts';

/** What does not pass by itself is told in an Event; what the cloud cannot hold is not tried again until it changes. */
export async function telling(
  about: KubeObject,
  act: () => Promise<unknown>,
  { events }: ReconcileContext,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const passes = !(error instanceof ApiError) || error.reason === 'ServiceUnavailable';
    if (passes) throw error;
    events(about, { type: 'Warning', reason: 'ProjectionFailed', message: error.message });
    if (error.reason !== 'Invalid') throw error;
  }
}
