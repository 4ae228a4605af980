import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from './containers.ts';
import { httpCommand, sleepingUntil } from './probes.ts';
import { quoted } from './shell.ts';
import { bellOf, lockOf, toolsFolder, toolsVolume } from './starterScript.ts';

/**
 * Hooks of containers. ECS has none, but it stops a container only when those that depend on it have stopped. So a small
 * container beside it depends on it, is sent TERM first, does the hook, and ends. An HTTP request it sends by itself, over the
 * loopback interface that they share. A command it cannot run in another container: it rings a bell, and waits until what
 * stands beside the program there has let go of its lock (starterScript.ts). That there is none says that the container has
 * ended by itself, and then a kubelet runs no hook either. Hooks that sleep are waited for by the pod controller.
 */
export function preStopHelper(
  container: Container,
  image: string,
  stopTimeout: number,
): ContainerDefinition | undefined {
  const hook = hookOf(container, stopTimeout);
  if (!hook) return undefined;
  return {
    name: `shallop-prestop-${container.name}`.slice(0, 255),
    image,
    essential: false,
    ...sleepingUntil(`${hook}; exit 0`),
    stopTimeout,
    dependsOn: [{ containerName: container.name, condition: 'START' }],
    ...(isPreStopInside(container) && {
      mountPoints: [{ sourceVolume: toolsVolume, containerPath: toolsFolder, readOnly: false }],
    }),
  };
}

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

/** Returns what to tell of hooks that do not run: each names the way out. */
export const hooksLeftOut = (pod: Pod): { container: string; message: string }[] =>
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
