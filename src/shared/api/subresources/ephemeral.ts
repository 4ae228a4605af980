import { invalid } from '../../errors/common.ts';
import { validEphemeralUpdate } from '../../kinds/core/v1/pod/validate/ephemeralUpdate.ts';
import { applyDefaults } from '../../kinds/schema/defaults.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { patched, readPatch, retried } from '../verbs/patch.ts';
import { readUpdate } from '../verbs/update.ts';
import { writeOptions } from '../write/options.ts';

/** PATCH of a Pod's ephemeral containers, as `kubectl debug` sends it. */
export async function patchEphemeral(call: Call): Promise<ApiResponse> {
  const options = writeOptions(call.query, 'PatchOptions');
  const { type, body } = await readPatch(call);
  const warnings: string[] = [];
  return write(call, (old) => patched(call, type, body, old, options, warnings), options.dryRun, warnings);
}

/** PUT of a Pod, of which nothing but the ephemeral containers counts. */
export async function updateEphemeral(call: Call): Promise<ApiResponse> {
  const { dryRun, object, warnings } = await readUpdate(call);
  return write(call, () => object, dryRun, warnings);
}

async function write(
  call: Call,
  wanted: (old: AnyObject) => AnyObject,
  dryRun: boolean,
  warnings: string[],
): Promise<ApiResponse> {
  const apply = (old: AnyObject): AnyObject => withContainersOf(wanted(old), old, call.name);
  const outcome = await retried(call, apply, 'ephemeralcontainers', dryRun);
  return respondOutcome(call, outcome, 200, warnings);
}

/** `old` with the ephemeral containers of `wanted`. Throws Invalid. */
function withContainersOf(wanted: AnyObject, old: AnyObject, name: string): AnyObject {
  const before = old as unknown as Pod;
  const { spec, metadata } = wanted as unknown as Pod;
  const { ephemeralContainers: _, ...kept } = before.spec!;
  const containers = spec?.ephemeralContainers;
  const pod = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: metadata.resourceVersion },
    spec: containers ? { ...kept, ephemeralContainers: containers } : kept,
  };
  const defaulted = applyDefaults(structuredClone(pod) as unknown as AnyObject, 'Pod');
  const causes = validEphemeralUpdate(defaulted as unknown as Pod, before);
  if (causes.length) throw invalid('Pod', '', name, causes);
  return defaulted;
}
