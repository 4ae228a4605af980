import { ApiError } from '../../errors/apiError.ts';
import { textWithSteps } from '../../errors/steps.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { ReconcileContext } from '../controller.ts';

/**
 * Runs `act` and reports permanent failures as an Event about the object. It rethrows the failure unless only a change of
 * the object can help.
 */
export async function reportingFailures(
  about: KubeObject,
  act: () => Promise<unknown>,
  { events }: ReconcileContext,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const passes = !(error instanceof ApiError) || error.reason === 'ServiceUnavailable';
    if (passes) throw error;
    events(about, { type: 'Warning', reason: 'ProjectionFailed', message: textWithSteps(error) });
    if (error.reason !== 'Invalid') throw error;
  }
}
