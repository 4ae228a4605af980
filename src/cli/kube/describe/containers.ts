import type {
  Container,
  ContainerState,
  ContainerStatus,
  EnvVar,
  Pod,
  Probe,
  ResourceRequirements,
} from '../../../shared/kinds/schema/types.ts';
import type { Page } from './page.ts';
import { dateText } from './words.ts';

/** Containers of a Pod, with how they are, or of a template, without. */
export function containers(
  page: Page,
  title: string,
  list: Container[],
  { statuses, pod, indent = '' }: { statuses?: ContainerStatus[]; pod?: Pod; indent?: string } = {},
): void {
  page.write(0, `${indent}${title}:${list.length ? '' : ' <none>'}\n`);
  for (const container of list) {
    const status = statuses?.find(({ name }) => name === container.name);
    page.write(1, `${indent ? ' ' : ''}${container.name}:\n`);
    basics(page, container, status);
    words(page, 'Command', container.command);
    words(page, 'Args', container.args);
    if (status) state(page, status);
    resources(page, container.resources);
    probe(page, 'Liveness', container.livenessProbe);
    probe(page, 'Readiness', container.readinessProbe);
    probe(page, 'Startup', container.startupProbe);
    environmentFrom(page, container);
    environment(page, container, pod);
    mounts(page, container);
  }
}

function basics(page: Page, { image, ports = [] }: Container, status: ContainerStatus | undefined): void {
  if (status) page.field(2, 'Container ID', status.containerID);
  page.field(2, 'Image', image);
  if (status) page.field(2, 'Image ID', status.imageID);
  const suffix = (name?: string) => (name ? ` (${name})` : '');
  const own = ports.map((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}${suffix(p.name)}`);
  const host = ports.map((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}${suffix(p.name)}`);
  page.field(2, own.length > 1 ? 'Ports' : 'Port', own.join(', ') || '<none>');
  page.field(2, host.length > 1 ? 'Host Ports' : 'Host Port', host.join(', ') || '<none>');
}

function words(page: Page, title: string, list: string[] | undefined): void {
  if (!list?.length) return;
  page.write(2, `${title}:\n`);
  for (const line of list.flatMap((word) => word.split('\n'))) page.write(3, `${line}\n`);
}

function state(page: Page, { state, lastState, ready, restartCount }: ContainerStatus): void {
  stateLines(page, 'State', state ?? {});
  if (lastState?.terminated) stateLines(page, 'Last State', lastState);
  page.field(2, 'Ready', ready ? 'True' : 'False').field(2, 'Restart Count', restartCount);
}

function stateLines(page: Page, title: string, { running, terminated, waiting }: ContainerState): void {
  if (running) {
    page.field(2, title, 'Running').field(3, 'Started', dateText(running.startedAt));
    return;
  }
  const { reason, message } = terminated ?? waiting ?? {};
  page.field(2, title, terminated ? 'Terminated' : 'Waiting');
  if (reason) page.field(3, 'Reason', reason);
  if (!terminated) return;
  if (message) page.field(3, 'Message', message);
  page.field(3, 'Exit Code', terminated.exitCode);
  if (terminated.signal) page.field(3, 'Signal', terminated.signal);
  page
    .field(3, 'Started', dateText(terminated.startedAt))
    .field(3, 'Finished', dateText(terminated.finishedAt));
}

function resources(page: Page, { limits, requests }: ResourceRequirements = {}): void {
  for (const [title, list] of [
    ['Limits', limits],
    ['Requests', requests],
  ] as const) {
    const names = Object.keys(list ?? {}).sort();
    if (names.length) page.write(2, `${title}:\n`);
    for (const name of names) page.field(3, name, list![name]);
  }
}

function probe(page: Page, title: string, probe: Probe | undefined): void {
  if (!probe) return;
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0 } = probe;
  const how = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  page.field(2, title, `${action(probe)} ${how}`);
}

function action({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec [${(exec.command ?? []).join(' ')}]`;
  if (httpGet)
    return `http-get ${(httpGet.scheme ?? 'http').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${httpGet.path ?? ''}`;
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ''}` : 'unknown';
}

function environmentFrom(page: Page, { envFrom = [] }: Container): void {
  if (envFrom.length) page.write(2, 'Environment Variables from:\n');
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const { name = '', optional = false } = configMapRef ?? secretRef ?? {};
    const from = configMapRef ? 'ConfigMap' : 'Secret';
    page.write(3, `${name}\t${from}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${optional}\n`);
  }
}

function environment(page: Page, { env = [] }: Container, pod: Pod | undefined): void {
  page.write(2, `Environment:${env.length ? '' : '\t<none>'}\n`);
  for (const variable of env) {
    const [first, ...more] = valueLines(variable, pod);
    page.write(3, `${variable.name}:\t${first}\n`);
    for (const line of more) page.write(3, `\t${line}\n`);
  }
}

function valueLines({ value = '', valueFrom }: EnvVar, pod: Pod | undefined): string[] {
  if (!valueFrom) return value.split('\n');
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef)
    return [
      `${pod ? fieldOf(pod, fieldRef.fieldPath) : ''} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`,
    ];
  if (secretKeyRef)
    return [
      `<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional ?? false}`,
    ];
  if (configMapKeyRef)
    return [
      `<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>\tOptional: ${configMapKeyRef.optional ?? false}`,
    ];
  return [` (${resourceFieldRef?.resource ?? ''})`];
}

/** The field of a Pod's metadata that a variable takes its value from: `metadata.labels['app']`. */
function fieldOf(pod: Pod, path: string): string {
  if (!path.startsWith('metadata.')) return '';
  const [, steps = '', key] = /^([^[]+)(?:\['(.+)'\])?$/.exec(path) ?? [];
  const keys = [...steps.split('.'), ...(key ? [key] : [])];
  const value = keys.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], pod);
  return value === undefined ? '' : String(value);
}

function mounts(page: Page, { volumeMounts = [] }: Container): void {
  page.write(2, `Mounts:${volumeMounts.length ? '' : '\t<none>'}\n`);
  for (const mount of [...volumeMounts].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1))) {
    const flags = [
      mount.readOnly ? 'ro' : 'rw',
      ...(mount.subPath ? [`path=${JSON.stringify(mount.subPath)}`] : []),
    ];
    page.write(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})\n`);
  }
}
