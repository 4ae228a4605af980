import type { Container } from '../../../../shared/kinds/schema/types.ts';
import { backOffLeft, raiseBackOff } from '../../../../shared/podspec/backOff.ts';
import { commandLine } from '../../../../shared/podspec/command.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { resolveEnv } from '../../../../shared/podspec/env.ts';
import { crashLoopBackOff } from '../../../../shared/podspec/status.ts';
import { type FoundImage, isContained, StartError } from '../sandbox.ts';
import { obtainImage } from './pulling.ts';
import { type ContainerRecord, runOf } from './records.ts';
import { contextOf, type PodScope, specOf, tell, wait } from './scope.ts';
import { targetOf } from './target.ts';
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
  if (c.ended && !c.retryAt && !c.replaced && backedOff(scope, c)) return;
  if (c.retryAt && c.retryAt > clock.now()) return;
  const image = await obtainImage(scope, c);
  if (!image || scope.record.end) return;
  try {
    await launch(scope, c, image, volumes);
  } catch (error) {
    await failed(scope, c, error as Error);
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

async function launch(scope: PodScope, c: ContainerRecord, image: FoundImage, volumes: PodVolumes) {
  const { deps, pod, ref } = scope;
  const container = specOf(scope, c);
  await keepAddress(scope, c);
  const own = await resolveEnv(container, {
    ...contextOf(scope),
    fileText: (volume, path) => volumes.text(volume, path, pod.spec?.volumes ?? []),
  });
  const env = { ...placeEnv(scope, container, image), ...image.env, ...own };
  const mounts = await volumes.mounts(container, pod.spec?.volumes ?? [], own);
  c.stopSignal = image.stopSignal;
  const launched = {
    command: commandLine(container, image, env),
    env,
    image,
    ...(container.workingDir && { workingDir: container.workingDir }),
    mounts,
    hostNetwork: Boolean(pod.spec?.hostNetwork),
    ...(container.stdin && { stdin: container.stdinOnce ? ('once' as const) : ('open' as const) }),
    ...(container.tty && { tty: true }),
    ...targetOf(scope, c),
    container,
    pod,
  };
  // This is saved before the start, so that a later process asks the sandbox what came of it.
  c.runs++;
  c.starting = true;
  scope.save();
  // What is refused was not created; what has no program to start was.
  const created = async () => {
    tell(scope, 'Normal', 'Created', 'Container created', c);
    const dropped = c.runs - 3;
    if (dropped >= 0) await deps.sandbox.discard({ ref, container: c.name, number: dropped });
  };
  await deps.sandbox.start(runOf(ref, c), launched).catch(async (error) => {
    if (error instanceof StartError) await created();
    throw error;
  });
  await created();
  Object.assign(c, {
    imageID: image.id,
    image: container.image,
    resources: container.resources ?? {},
    resizing: undefined,
    user: deps.sandbox.userOf?.(runOf(ref, c)),
  });
}

/** What a Pod's containers are in may have been started anew since, and then has another address. */
async function keepAddress({ deps, ref, pod, record }: PodScope, { runs }: ContainerRecord): Promise<void> {
  if (runs > 0 && !pod.spec?.hostNetwork) record.ip = (await deps.sandbox.setup(ref, pod)).ip;
}

/**
 * Programs that bind the address they are told share a machine without a network of their own. In a container that has
 * one, only its host name is set, as container runtimes do.
 */
function placeEnv({ ref, pod, record }: PodScope, { ports }: Container, image: FoundImage) {
  const ip = record.ip ?? '';
  const port = ports?.[0]?.containerPort;
  const HOSTNAME = pod.spec?.hostnameOverride ?? (pod.spec?.hostname || ref.name);
  if (isContained(image) && !ip.startsWith('127.')) return { HOSTNAME };
  return { HOSTNAME, POD_IP: ip, HOST: ip, ...(port && { PORT: String(port) }) };
}

async function failed(scope: PodScope, c: ContainerRecord, error: Error): Promise<void> {
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
    Object.assign(c, {
      ...{ starting: false, startedAt: now, state: 'terminated', ended: end },
      // Else a time that has passed would let the next one begin without a back-off.
      ...{ retryAt: undefined, message: undefined, replaced: undefined },
    });
    scope.save();
    return;
  }
  const reason = error instanceof ConfigError ? error.reason : 'CreateContainerError';
  try {
    if (c.starting) await withdraw(scope, c, error);
  } finally {
    wait(scope, c, { waiting: { reason, message: error.message } }, now + scope.deps.retryMs);
  }
}

/** Takes back a run that did not come about, as it is tried again and again: what was made for it would be left each time. */
async function withdraw({ deps, ref }: PodScope, c: ContainerRecord, error: Error): Promise<void> {
  const run = runOf(ref, c);
  if (!(error instanceof ConfigError) && (await deps.sandbox.state(run)).kind !== 'absent') return;
  await deps.sandbox.discard(run);
  c.runs--;
  c.starting = false;
}

const nameOf = ({ ref }: PodScope) => `${ref.name}_${ref.namespace}(${ref.uid})`;
