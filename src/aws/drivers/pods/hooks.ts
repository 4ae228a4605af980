import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { stopSeconds } from './container.ts';
import { httpCommand, sleepingUntil } from './probes.ts';
import { quoted } from './shell.ts';
import { bellOf, lockOf, toolsFolder, toolsVolume } from './starterScript.ts';

/**
 * Hooks of containers. ECS has none, but it stops a container only when those that depend on it have stopped. So one small
 * container depends on all that have a hook, is sent TERM first, does the hooks at the same time, and ends. An HTTP request it
 * sends by itself, over the loopback interface that they share. A command it cannot run in another container: it rings a bell,
 * and waits until what stands beside the program there has let go of its lock (starterScript.ts). That there is none says that
 * the container has ended by itself, and then a kubelet runs no hook either. Hooks that sleep are waited for by the pod
 * controller.
 */
export function preStopHelper(pod: Pod, image: string): ContainerDefinition | undefined {
  const stopTimeout = stopSeconds(pod);
  const hooked = containersOf(pod).flatMap((container) => {
    const hook = hookOf(container, stopTimeout);
    return hook ? { container, hook } : [];
  });
  if (hooked.length === 0) return undefined;
  // A shell of its own: the one that sleeps would wait for its sleep too.
  const hooks = `(${hooked.map(({ hook }) => `{ ${hook}; } &`).join(' ')} wait)`;
  return {
    name: preStopper,
    image,
    essential: false,
    ...sleepingUntil(`${hooks}; exit 0`),
    stopTimeout,
    dependsOn: hooked.map(({ container }) => ({ containerName: container.name, condition: 'START' })),
    ...(hooked.some(({ container }) => isPreStopInside(container)) && {
      mountPoints: [{ sourceVolume: toolsVolume, containerPath: toolsFolder, readOnly: false }],
    }),
  };
}

const preStopper = 'shallop-prestop';

/** Returns the same Pod without the preStop hooks that take a container of the task. */
export function withoutPreStop(pod: Pod): Pod {
  const without = (container: Container): Container => {
    if (!hookOf(container, 1)) return container;
    const { preStop: _, ...lifecycle } = container.lifecycle ?? {};
    return { ...container, lifecycle };
  };
  const { spec } = pod;
  if (!spec) return pod;
  const initContainers = spec.initContainers?.map(without);
  return {
    ...pod,
    spec: { ...spec, containers: spec.containers.map(without), ...(initContainers && { initContainers }) },
  };
}

/** Returns what to tell of preStop hooks for which a task has no container left. */
export const preStopsCrowdedOut = (pod: Pod): HookLeftOut[] =>
  containersOf(pod)
    .filter((container) => hookOf(container, 1))
    .map(({ name }) => ({
      container: name,
      message: `The preStop hook of container ${name} does not run on Fargate: it takes one more container, and a task has at most ten: use a sleep, or fewer containers`,
    }));

function hookOf(container: Container, seconds: number): string | undefined {
  if (isPreStopInside(container)) {
    const [lock, bell] = [lockOf(container), bellOf(container)].map((name) => `${toolsFolder}/${name}`);
    return `flock -n ${lock} true || { : > ${bell}; flock ${lock} true; }`;
  }
  const { httpGet } = container.lifecycle?.preStop ?? {};
  return httpGet && httpCommand(httpGet, container, seconds)?.map(quoted).join(' ');
}

/** Returns whether the container itself has to run its preStop hook, and can. */
export const isPreStopInside = ({ command, lifecycle }: Container): boolean =>
  Boolean(command?.length && lifecycle?.preStop?.exec?.command?.length);

/** Returns whether the container's postStart hook can run. TLS takes programs that its image need not have. */
export const canPostStart = (container: Container): boolean =>
  Boolean(container.command?.length && container.lifecycle?.postStart && !obstacle(container, 'postStart'));

/** Tells of a hook that does not run, and the way out. */
export interface HookLeftOut {
  container: string;
  message: string;
}

/** Returns what to tell of hooks that do not run: each names the way out. */
export const hooksLeftOut = (pod: Pod): HookLeftOut[] =>
  containersOf(pod).flatMap((container) =>
    (['postStart', 'preStop'] as const).flatMap((hook) => {
      const why = obstacle(container, hook);
      const message = `The ${hook} hook of container ${container.name} does not run on Fargate: ${why}`;
      return why ? { container: container.name, message } : [];
    }),
  );

function obstacle(container: Container, hook: 'postStart' | 'preStop'): string | undefined {
  const { exec, httpGet } = container.lifecycle?.[hook] ?? {};
  if (httpGet && !httpCommand(httpGet, container, 1))
    return `its port ${httpGet.port} is none of the container's ports`;
  const isInside = hook === 'postStart' ? container.lifecycle?.postStart !== undefined : exec !== undefined;
  if (isInside && !container.command?.length)
    return 'only its image names its program, and nothing can be put before that: name it in the command of the container';
  if (hook === 'postStart' && httpGet?.scheme === 'HTTPS')
    return 'TLS takes programs that are not in every image: use a command, or a request without TLS';
  return undefined;
}
