import type {
  ContainerDefinition,
  HealthCheck,
  LinuxParameters,
  LogConfiguration,
  MountPoint,
} from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { isSidecar } from '../../../shared/podspec/restart.ts';
import { capabilitiesOf } from './capabilities.ts';
import type { Invocation } from './environment.ts';
import { streamPrefix } from './logs.ts';
import type { FargateSettings } from './options.ts';
import { probingOf } from './probes.ts';
import type { ContainerSize } from './sizes.ts';
import { besideOf, type Start } from './starterScript.ts';
import { userOf } from './users.ts';

export interface Surroundings {
  pod: Pod;
  settings: FargateSettings;
  size?: ContainerSize;
  mountPoints: MountPoint[];
  /** What is done around its program. */
  start?: Start;
}

/** A container as ECS has it, with the helpers that probe it. What it waits for is the definition's business. */
export function containerOf(
  container: Container,
  { entryPoint, command, environment, secrets }: Invocation,
  { pod, settings, size, mountPoints, start }: Surroundings,
): { main: ContainerDefinition; helpers: ContainerDefinition[] } {
  const init = pod.spec?.initContainers?.includes(container) ?? false;
  const { healthCheck, helpers } = probingOf(container, settings.projectorImage);
  const linux = linuxParameters(container);
  const user = userOf(container, pod);
  const main: ContainerDefinition = {
    name: container.name,
    ...(container.image && { image: container.image }),
    ...(entryPoint && { entryPoint }),
    ...(command && { command }),
    environment,
    secrets,
    ...size,
    mountPoints,
    ...(container.workingDir && { workingDirectory: container.workingDir }),
    ...(user && { user }),
    ...(container.securityContext?.readOnlyRootFilesystem && { readonlyRootFilesystem: true }),
    ...(container.stdin && { interactive: true }),
    ...(container.tty && { pseudoTerminal: true }),
    ...(linux && { linuxParameters: linux }),
    // ECS starts it again by itself once it ran a minute; the others' end ends the task.
    ...(isSidecar(container, init) && { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
    stopTimeout: stopSeconds(pod),
    ...(healthCheck && { healthCheck: withAddress(healthCheck, start) }),
    logConfiguration: logConfiguration(settings),
  };
  return { main, helpers };
}

/** ECS runs a check with the environment of the definition, where the address of the Pod is not yet. */
function withAddress(check: HealthCheck, start: Start | undefined): HealthCheck {
  if (!start?.lateVariables.length) return check;
  const [kind = 'CMD', ...command] = check.command ?? [];
  return { ...check, command: [kind, ...besideOf(start, command)] };
}

/** Returns where a container's output goes. */
export const logConfiguration = ({ logGroup, region }: FargateSettings): LogConfiguration => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': logGroup,
    'awslogs-region': region,
    'awslogs-stream-prefix': streamPrefix,
    // A program must not stand still because its log does.
    mode: 'non-blocking',
    'max-buffer-size': '4m',
  },
});

const leastStopSeconds = 2;
const mostStopSeconds = 120;

/** Time between TERM and KILL: part of the definition, so that a deletion cannot choose another. */
export const stopSeconds = ({ spec }: Pod): number =>
  Math.min(mostStopSeconds, Math.max(leastStopSeconds, spec?.terminationGracePeriodSeconds ?? 30));

function linuxParameters(container: Container): LinuxParameters | undefined {
  const capabilities = capabilitiesOf(container);
  return capabilities && { capabilities };
}
