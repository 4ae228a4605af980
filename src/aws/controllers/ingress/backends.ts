import type { ReconcileContext } from '../../../shared/controllers/controller.ts';
import {
  type Read,
  readBackends as readNamed,
  reportMissing,
} from '../../../shared/controllers/ingress/backends.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import { backendsOf, missingActions } from './plan.ts';

/** Reads what an Ingress leads to, its annotated actions too. What does not exist gets an Event, and is answered by 503. */
export function readBackends(ingress: Ingress, ctx: ReconcileContext): Promise<Read> {
  for (const annotation of missingActions(ingress)) reportMissing(ingress, `annotation ${annotation}`, ctx);
  return readNamed(ingress, backendsOf(ingress), ctx);
}
