import { goDuration } from '../../../../shared/clock/goDuration.ts';
import type { Secret } from '../../../../shared/kinds/schema/types.ts';
import { raiseBackOff } from '../../../../shared/podspec/backOff.ts';
import { errImagePull, imagePullBackOff, waiting } from '../../../../shared/podspec/status.ts';
import { type FoundImage, InvalidImageName, isContained, type PulledImage } from '../sandbox.ts';
import type { ContainerRecord } from './records.ts';
import { type PodScope, specOf, tell, wait } from './scope.ts';

/**
 * The image of a container, fetched where its pull policy and what is here ask for it. Undefined when it cannot be had
 * now: then the container's record says why and when to try again, in kubelet's words.
 */
export async function obtainImage(scope: PodScope, c: ContainerRecord): Promise<FoundImage | undefined> {
  const { sandbox, clock, retryMs } = scope.deps;
  const { image: name = '', imagePullPolicy: policy } = specOf(scope, c);
  if (c.pull && c.reason === 'ErrImagePull') return sayPullBackOff(scope, c, name);
  const local = await sandbox.image(name).catch((error: Error) => error);
  if (local instanceof InvalidImageName) {
    const message = `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${local.message}`;
    tell(scope, 'Warning', 'InspectFailed', message, c);
    tell(scope, 'Warning', 'Failed', 'Error: InvalidImageName', c);
    return wait(scope, c, waiting('InvalidImageName', message), clock.now() + retryMs);
  }
  const isHere = !(local instanceof Error);
  const canPull = sandbox.pull && (!isHere || (isContained(local) && !local.loaded));
  if (isHere && (policy !== 'Always' || !canPull)) {
    return present(scope, c, name, local);
  }
  if (!isHere && policy === 'Never') {
    const message = `Container image "${name}" is not present with pull policy of Never`;
    tell(scope, 'Warning', 'ErrImageNeverPull', message, c);
    tell(scope, 'Warning', 'Failed', 'Error: ErrImageNeverPull', c);
    return wait(scope, c, waiting('ErrImageNeverPull', message), clock.now() + retryMs);
  }
  if (!isHere && !canPull) return failed(scope, c, name, local);
  return fetched(scope, c, name, isHere && local.maybeBuiltHere ? local : undefined);
}

function present(scope: PodScope, c: ContainerRecord, name: string, image: FoundImage): FoundImage {
  tell(scope, 'Normal', 'Pulled', `Container image "${name}" already present on machine`, c);
  c.pull = undefined;
  return image;
}

/** `instead` is what will do where no registry gives the image. */
async function fetched(
  scope: PodScope,
  c: ContainerRecord,
  name: string,
  instead: FoundImage | undefined,
): Promise<FoundImage | undefined> {
  const { clock } = scope.deps;
  const secrets = await pullSecrets(scope);
  const started = clock.now();
  tell(scope, 'Normal', 'Pulling', `Pulling image "${name}"`, c);
  // That may take long, and the Pod has its address.
  scope.save();
  const pulled = await whileWanted(scope, (signal) => scope.deps.sandbox.pull!(name, secrets, signal)).catch(
    (error: Error) => error,
  );
  if (!pulled) return undefined;
  if (pulled instanceof Error && instead) return present(scope, c, name, instead);
  if (pulled instanceof Error) return failed(scope, c, name, pulled);
  const took = goDuration(clock.now() - started);
  tell(
    scope,
    'Normal',
    'Pulled',
    `Successfully pulled image "${name}" in ${took} (${took} including waiting). Image size: ${pulled.bytes} bytes.`,
    c,
  );
  c.pull = undefined;
  return pulled.image;
}

/** Undefined when the Pod was to end first; the pull is given up then. */
async function whileWanted(
  { record, pulse }: PodScope,
  pull: (signal: AbortSignal) => Promise<PulledImage>,
): Promise<PulledImage | undefined> {
  const over = new AbortController();
  let pending = true;
  const work = pull(over.signal).finally(() => {
    pending = false;
    pulse.beat();
  });
  work.catch(() => {});
  while (pending && !record.end) await pulse.next(1000);
  if (!pending) return work;
  over.abort();
  return undefined;
}

async function pullSecrets(scope: PodScope): Promise<Record<string, string>[]> {
  const names = (scope.pod.spec?.imagePullSecrets ?? []).map(({ name = '' }) => name);
  const found = await Promise.all(names.map((name) => scope.sources?.secret(name)));
  const missing = names.filter((_, i) => !found[i]);
  if (missing.length)
    tell(
      scope,
      'Warning',
      'FailedToRetrieveImagePullSecret',
      `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`,
    );
  return found.filter((secret): secret is Secret => secret !== undefined).map(({ data }) => data ?? {});
}

function failed(scope: PodScope, c: ContainerRecord, name: string, error: Error): undefined {
  const { deps } = scope;
  const why = error.message;
  const now = deps.clock.now();
  const backOff = raiseBackOff(c.pull?.backOff, deps.backOff, now, now);
  c.pull = { backOff, failedAt: now, why };
  tell(scope, 'Warning', 'Failed', `Failed to pull image "${name}": ${why}`, c);
  tell(scope, 'Warning', 'Failed', 'Error: ErrImagePull', c);
  return wait(scope, c, errImagePull(why), now + Math.min(1000, backOff.delayMs / 4));
}

/** The failure was said for a moment; now the wait is. */
function sayPullBackOff(scope: PodScope, c: ContainerRecord, name: string): undefined {
  const { backOff, failedAt, why } = c.pull!;
  tell(scope, 'Normal', 'BackOff', `Back-off pulling image "${name}"`, c);
  tell(scope, 'Warning', 'Failed', 'Error: ImagePullBackOff', c);
  return wait(scope, c, imagePullBackOff(name, why), failedAt + backOff.delayMs);
}
