import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type {
  Container,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  Probe,
  ProbeHandler,
} from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { portNumberOrName } from '../../../../validation/ports.ts';
import { nonNegative } from '../../../../validation/rules.ts';

/** Returns what is wrong with the three probes of a container; only readiness may ask for several successes. */
export const validProbes = (at: string, container: Container): Cause[] => [
  ...validProbe(`${at}.livenessProbe`, container.livenessProbe, true),
  ...validProbe(`${at}.readinessProbe`, container.readinessProbe, false),
  ...validProbe(`${at}.startupProbe`, container.startupProbe, true),
];

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** @param ends whether the probe ends a container: then one success is enough, and it may have its own grace. */
function validProbe(at: string, probe: Probe | undefined, ends: boolean): Cause[] {
  if (!probe) return [];
  const causes = validHandler(at, probe);
  for (const name of counts) addAll(causes, nonNegative(`${at}.${name}`, probe[name]));
  const grace = probe.terminationGracePeriodSeconds;
  const graceField = `${at}.terminationGracePeriodSeconds`;
  if (grace !== undefined && grace <= 0)
    causes.push(invalidValue(graceField, grace, 'must be greater than 0'));
  if (ends && probe.successThreshold !== 1) {
    causes.push(invalidValue(`${at}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
  }
  if (!ends && grace !== undefined) {
    causes.push(invalidValue(graceField, grace, 'must not be set for readinessProbes'));
  }
  return causes;
}

/** @param grace seconds that the Pod has for stopping. */
export const validLifecycle = (at: string, lifecycle: Lifecycle, grace: number | undefined): Cause[] => [
  ...(lifecycle.postStart ? validHandler(`${at}.postStart`, lifecycle.postStart, grace) : []),
  ...(lifecycle.preStop ? validHandler(`${at}.preStop`, lifecycle.preStop, grace) : []),
];

type Handler = ProbeHandler & LifecycleHandler;

function validHandler(at: string, handler: Handler, grace?: number): Cause[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const found: [string, Cause[]][] = [];
  if (exec) found.push(['exec', exec.command?.length ? [] : [required(`${at}.exec.command`)]]);
  if (httpGet) found.push(['httpGet', validHttpGet(`${at}.httpGet`, httpGet)]);
  if (tcpSocket) found.push(['tcpSocket', portNumberOrName(`${at}.tcpSocket.port`, tcpSocket.port)]);
  if (grpc) found.push(['grpc', portNumberOrName(`${at}.grpc.port`, grpc.port)]);
  if (sleep) found.push(['sleep', validSleep(`${at}.sleep`, sleep.seconds, grace)]);
  if (found.length === 0) return [required(at, 'must specify a handler type')];
  return found.flatMap(([name, causes], i) =>
    i === 0 ? causes : [forbidden(`${at}.${name}`, 'may not specify more than 1 handler type')],
  );
}

function validHttpGet(at: string, { path, port, scheme, httpHeaders = [] }: HTTPGetAction): Cause[] {
  const causes = path ? [] : [required(`${at}.path`)];
  addAll(causes, portNumberOrName(`${at}.port`, port));
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') {
    causes.push(notSupported(`${at}.scheme`, scheme ?? '', ['HTTP', 'HTTPS']));
  }
  for (const { name } of httpHeaders) {
    if (!/^[-A-Za-z0-9]+$/.test(name)) causes.push(invalidValue(`${at}.httpHeaders`, name, headerHint));
  }
  return causes;
}

const headerHint =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

function validSleep(at: string, seconds: number, grace: number | undefined): Cause[] {
  if (grace === undefined || (seconds >= 0 && seconds <= grace)) return [];
  const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
  return [invalidValue(at, seconds, why)];
}
