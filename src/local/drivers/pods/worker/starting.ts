import type { Container, ContainerState } from '../../../../shared/kinds/schema/types.ts';
import { backOffLeft, raiseBackOff } from '../../../../shared/podspec/backOff.ts';
import { commandLine } from '../../../../shared/podspec/command.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { resolveEnv } from '../../../../shared/podspec/env.ts';
import { crashLoopBackOff, errImagePull, imagePullBackOff } from '../../../../shared/podspec/status.ts';
import { type FoundImage, ImageMissing, StartError } from '../sandbox.ts';
import { type ContainerRecord, runOf } from './records.ts';
import { contextOf, type PodScope, specOf, tell } from './scope.ts';
import type { PodVolumes } from './volumes.ts';

/**
 * Starts a container that is not running, if it is time to. Afterwards it runs, or its record says why not and when
 * to try again.
 */
export async function startContainer(
  scope: PodScope,
  c: ContainerRecord,
  volumes: PodVolumes,
): Promise<void> {
  const { clock } = scope.deps;
  if (c.ended && !c.retryAt && backedOff(scope, c)) return;
  if (c.retryAt && c.retryAt > clock.now()) return;
  if (c.pull && c.reason === 'ErrImagePull') {
    sayPullBackOff(scope, c);
    return;
  }
  const image = await pull(scope, c);
  if (!image) return;
  try {
    await launch(scope, c, image, volumes);
  } catch (error) {
    failed(scope, c, error as Error);
  }
}

/** Waits out the back-off of a container that ended; answers whether there is any left. */
function backedOff(scope: PodScope, c: ContainerRecord): boolean {
  const now = scope.deps.clock.now();
  const { finishedAt } = c.ended!;
  const left = backOffLeft(c.backOff, finishedAt, now);
  const delay = c.backOff?.delayMs ?? 0;
  c.backOff = raiseBackOff(c.backOff, scope.deps.backOff, finishedAt, now);
  if (!left) return false;
  const state = crashLoopBackOff(scope.ref, c.name, delay);
  tell(
    scope,
    'Warning',
    'BackOff',
    `Back-off restarting failed container ${c.name} in pod ${nameOf(scope)}`,
    c,
  );
  wait(scope, c, state, now + left);
  return true;
}

async function pull(scope: PodScope, c: ContainerRecord): Promise<FoundImage | undefined> {
  const { deps } = scope;
  const { image: name = '', imagePullPolicy: policy } = specOf(scope, c);
  try {
    const found = await deps.sandbox.image(name);
    tell(scope, 'Normal', 'Pulled', `Container image "${name}" already present on machine`, c);
    c.pull = undefined;
    return found;
  } catch (error) {
    const why = (error as Error).message;
    if (error instanceof ImageMissing && policy === 'Never') {
      const message = `Container image "${name}" is not present with pull policy of Never`;
      wait(scope, c, { waiting: { reason: 'ErrImageNeverPull', message } }, deps.clock.now() + deps.retryMs);
      return undefined;
    }
    const now = deps.clock.now();
    const backOff = raiseBackOff(c.pull?.backOff, deps.backOff, now, now);
    c.pull = { backOff, failedAt: now, why };
    tell(scope, 'Warning', 'Failed', `Failed to pull image "${name}": ${why}`, c);
    tell(scope, 'Warning', 'Failed', 'Error: ErrImagePull', c);
    wait(scope, c, errImagePull(why), now + Math.min(1000, backOff.delayMs / 4));
    return undefined;
  }
}

/** The failure was said for a moment; now the wait is. */
function sayPullBackOff(scope: PodScope, c: ContainerRecord): void {
  const name = specOf(scope, c).image ?? '';
  const { backOff, failedAt, why } = c.pull!;
  tell(scope, 'Normal', 'BackOff', `Back-off pulling image "${name}"`, c);
  tell(scope, 'Warning', 'Failed', 'Error: ImagePullBackOff', c);
  wait(scope, c, imagePullBackOff(name, why), failedAt + backOff.delayMs);
}

async function launch(scope: PodScope, c: ContainerRecord, image: FoundImage, volumes: PodVolumes) {
  const { deps, pod, ref } = scope;
  const container = specOf(scope, c);
  const own = await resolveEnv(container, contextOf(scope));
  const env = { ...placeEnv(scope, container), ...image.env, ...own };
  const mounts = await volumes.mounts(container, pod.spec?.volumes ?? [], own);
  // Written down before it happens: whoever finds this later asks the sandbox what came of it.
  c.runs++;
  c.starting = true;
  scope.save();
  tell(scope, 'Normal', 'Created', `Created container: ${c.name}`, c);
  await deps.sandbox.start(runOf(ref, c), {
    command: commandLine(container, image, env),
    env,
    image,
    ...(container.workingDir && { workingDir: container.workingDir }),
    mounts,
    hostNetwork: Boolean(pod.spec?.hostNetwork),
    ...(container.stdin && { stdin: container.stdinOnce ? 'once' : 'open' }),
    ...(container.tty && { tty: true }),
  });
  const dropped = c.runs - 3;
  if (dropped >= 0) await deps.sandbox.discard({ ref, container: c.name, number: dropped });
  Object.assign(c, { imageID: image.id, image: container.image });
}

/** Programs that bind the address they are told share a machine without a network of their own. */
function placeEnv({ ref, pod, record }: PodScope, { ports }: Container): Record<string, string> {
  const ip = record.ip ?? '';
  const port = ports?.[0]?.containerPort;
  const HOSTNAME = pod.spec?.hostname || ref.name;
  return { HOSTNAME, POD_IP: ip, HOST: ip, ...(port && { PORT: String(port) }) };
}

function failed(scope: PodScope, c: ContainerRecord, error: Error): void {
  const now = scope.deps.clock.now();
  tell(scope, 'Warning', 'Failed', `Error: ${error.message}`, c);
  if (error instanceof StartError) {
    // As container runtimes do: it has ended before it began.
    const end = {
      exitCode: 128,
      reason: 'StartError',
      message: error.message,
      startedAt: 0,
      finishedAt: now,
    };
    if (c.startedAt !== undefined) c.restarts++;
    Object.assign(c, { starting: false, startedAt: now, state: 'terminated', ended: end });
    scope.save();
    return;
  }
  const reason = error instanceof ConfigError ? error.reason : 'CreateContainerError';
  wait(scope, c, { waiting: { reason, message: error.message } }, now + scope.deps.retryMs);
}

function wait(scope: PodScope, c: ContainerRecord, { waiting }: ContainerState, retryAt: number): void {
  Object.assign(c, { state: 'waiting', reason: waiting?.reason, message: waiting?.message, retryAt });
  scope.save();
}

const nameOf = ({ ref }: PodScope) => `${ref.name}_${ref.namespace}(${ref.uid})`;
