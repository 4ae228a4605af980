/** Subresources through which a part of an object is written, as itself: PUT, PATCH, server-side apply. */
import type { AnyObject } from '../../meta/object.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call, Serve } from '../request.ts';
import { apply } from '../verbs/apply.ts';
import { isApply, patched, readPatch, retried } from '../verbs/patch.ts';
import { readUpdate } from '../verbs/update.ts';
import type { Part } from '../write/change.ts';
import { writeOptions } from '../write/options.ts';

/** `old` with what of `wanted` may be written here. Throws Invalid. */
export type Narrow = (wanted: AnyObject, old: AnyObject, call: Call) => AnyObject;

/** PUT of an object of which nothing but the part counts. */
export const updatePart =
  (part: Part, narrow: Narrow): Serve =>
  async (call) => {
    const { dryRun, object, warnings } = await readUpdate(call);
    return write(call, part, (old) => narrow(object, old, call), dryRun, warnings);
  };

/** PATCH of an object of which nothing but the part counts. */
export const patchPart =
  (part: Part, narrow: Narrow): Serve =>
  async (call) => {
    if (isApply(call)) return apply(call, { door: part, part, narrow });
    const options = writeOptions(call.query, 'PatchOptions');
    const { type, body } = await readPatch(call);
    const warnings: string[] = [];
    const wanted = (old: AnyObject) => patched(call, type, body, old, options, warnings);
    return write(call, part, (old) => narrow(wanted(old), old, call), options.dryRun, warnings);
  };

async function write(
  call: Call,
  part: Part,
  change: (old: AnyObject) => AnyObject,
  dryRun: boolean,
  warnings: string[],
): Promise<ApiResponse> {
  return respondOutcome(call, await retried(call, change, part, dryRun), 200, warnings);
}
