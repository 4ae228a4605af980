import type { ContainerDefinition, HealthCheck } from '@aws-sdk/client-ecs';
import type { Container, HTTPGetAction, Probe } from '../../../shared/kinds/schema/types.ts';
import { type ProbeKind, portNumber, probeOf } from '../../../shared/podspec/probe.ts';
import { grpcCommand } from './grpcProbe.ts';
import { quoted } from './shell.ts';

/**
 * ECS knows one health check per container, a command run inside it. So an exec probe becomes its container's check; an
 * HTTP, TCP or gRPC probe that of a small container beside it, which shares its network and has the tools. Nobody restarts a single task because of its health: see plan.ts.
 */
export interface Probing {
  /** The health check of the container itself. */
  healthCheck?: HealthCheck;
  /** Containers to run beside it. */
  helpers: ContainerDefinition[];
  /** The container whose health is the result of each probe. */
  checkedBy: Partial<Record<ProbeKind, string>>;
  /** Probes that nobody asks, and why. */
  left: { kind: ProbeKind; why: 'second' | 'noPort' }[];
}

const kinds: ProbeKind[] = ['readiness', 'liveness', 'startup'];

export function probingOf(container: Container, image: string): Probing {
  const result: Probing = { helpers: [], checkedBy: {}, left: [] };
  const known = new Map<string, string>();
  for (const kind of kinds) {
    const probe = probeOf(container, kind);
    const command = probe && commandOf(probe, container);
    if (!probe) continue;
    if (!command) {
      result.left.push({ kind, why: 'noPort' });
      continue;
    }
    // The same question is asked once, whatever is made of the answer.
    const key = JSON.stringify([command, probe.exec ? 'inside' : 'beside']);
    let checker = known.get(key);
    if (!checker) {
      const check = healthCheck(probe, kind, command);
      if (!probe.exec) {
        checker = helperName(container.name, kind);
        result.helpers.push(helper(checker, container.name, image, check));
      } else if (!result.healthCheck) {
        checker = container.name;
        result.healthCheck = check;
      } else {
        result.left.push({ kind, why: 'second' });
        continue;
      }
      known.set(key, checker);
    }
    result.checkedBy[kind] = checker;
  }
  return result;
}

const helperName = (container: string, kind: ProbeKind): string =>
  `shallop-${kind}-${container}`.slice(0, 255);

export const hasProbes = (container: Container): boolean => kinds.some((kind) => probeOf(container, kind));

function commandOf(probe: Probe, container: Container): string[] | undefined {
  const { exec, httpGet, tcpSocket, grpc, timeoutSeconds = 1 } = probe;
  if (exec?.command?.length) return ['CMD', ...exec.command];
  if (httpGet) {
    const command = httpCommand(httpGet, container, timeoutSeconds);
    return command && ['CMD', ...command];
  }
  if (grpc)
    return grpcCommand(grpc.port, grpc.service ?? '', Math.min(timeoutSeconds, mostCheckSeconds - grpcSlack));
  const port = portNumber(tcpSocket?.port ?? '', container);
  if (!port) return undefined;
  return ['CMD', 'nc', '-z', '-w', String(timeoutSeconds), tcpSocket?.host || '127.0.0.1', String(port)];
}

/** Asks once, from beside the container; undefined where the port has no number. */
export function httpCommand(
  { host, path = '', port, scheme, httpHeaders = [] }: HTTPGetAction,
  container: Container,
  seconds: number,
): string[] | undefined {
  const number = portNumber(port, container);
  if (!number) return undefined;
  const headers = httpHeaders.flatMap(({ name, value }) => ['--header', `${name}: ${value}`]);
  const quiet = ['wget', '-q', '-T', String(seconds), '-O', '/dev/null', '--no-check-certificate'];
  const place = `${host || '127.0.0.1'}:${number}${path.startsWith('/') ? path : `/${path}`}`;
  return [...quiet, ...headers, `${scheme === 'HTTPS' ? 'https' : 'http'}://${place}`];
}

/** ECS gives no check more seconds. */
const mostCheckSeconds = 60;

/** What asks a gRPC server takes all of its time, and these seconds to begin and to end. */
const grpcSlack = 2;

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, Math.ceil(value)));

/**
 * The same time until a verdict, within what ECS allows: at most ten failures, five seconds or more apart. Failures of
 * a startup probe count only after its whole time, which ECS caps at five minutes; a success counts at once.
 */
export function healthCheck(probe: Probe, kind: ProbeKind, command: string[]): HealthCheck {
  const { periodSeconds = 10, failureThreshold = 3, initialDelaySeconds = 0, timeoutSeconds = 1 } = probe;
  const total = failureThreshold * periodSeconds;
  const patience = initialDelaySeconds + (kind === 'startup' ? total : 0);
  const startPeriod = within(patience, 0, 300);
  const left = kind === 'startup' ? patience - startPeriod : total;
  const interval = within(Math.max(periodSeconds, left / 10), 5, 300);
  return {
    command,
    interval,
    timeout: within(timeoutSeconds + (probe.grpc ? grpcSlack : 0), 2, mostCheckSeconds),
    retries: within(left / interval, 1, 10),
    startPeriod,
  };
}

/** Sleeps until TERM, without a process that outlives it, and does something then. */
export const sleepingUntil = (action: string) => ({
  entryPoint: ['sh', '-c'],
  command: [`trap ${quoted(action)} TERM; while :; do sleep 3600 & wait $!; done`],
});

/** Sleeps until TERM. */
export const sleeper = sleepingUntil('exit 0');

const helper = (name: string, target: string, image: string, check: HealthCheck): ContainerDefinition => ({
  name,
  image,
  essential: false,
  ...sleeper,
  healthCheck: check,
  dependsOn: [{ containerName: target, condition: 'START' }],
});
