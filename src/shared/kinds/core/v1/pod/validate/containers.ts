import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123LabelProblems } from '../../../../../meta/names.ts';
import type { Container, PodSpec } from '../../../../schema/types.ts';
import { duplicate, forbidden, required } from '../../../../validation/causes.ts';
import { checked, oneOf } from '../../../../validation/rules.ts';
import { validEnv, validEnvFrom } from './env.ts';
import { conflictingHostPorts } from './hostPorts.ts';
import { validDevices, validMounts } from './mounts.ts';
import { validPorts } from './ports.ts';
import { validLifecycle, validProbes } from './probes.ts';
import { validResizePolicy, validResources } from './resources.ts';
import { validRestartPolicy } from './restart.ts';
import { validSecurity } from './security.ts';

/** Describes what a container may refer to. */
export interface Scope {
  spec: PodSpec;
  /** Names of the volumes that are as they should be. */
  volumes: Set<string>;
  /** Names of claims of devices, sorted. */
  claims: string[];
}

/** Returns what is wrong with the containers of a Pod. A Pod has at least one. */
export function validContainers(field: string, scope: Scope): Cause[] {
  const { containers, terminationGracePeriodSeconds: grace } = scope.spec;
  if (containers.length === 0) return [required(field)];
  const names = new Set<string>();
  const causes = containers.flatMap((container, i) => {
    const at = `${field}[${i}]`;
    const found = validContainer(at, container, scope);
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    if (container.lifecycle) addAll(found, validLifecycle(`${at}.lifecycle`, container.lifecycle, grace));
    addAll(found, validProbes(at, container), validRestartPolicy(at, container));
    return found;
  });
  return [...causes, ...conflictingHostPorts(field, containers)];
}

const onlyForSidecars = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** Returns what is wrong with init containers; only those that restart always may have probes and hooks. */
export function validInitContainers(field: string, scope: Scope): Cause[] {
  const names = new Set(scope.spec.containers.map(({ name }) => name));
  return (scope.spec.initContainers ?? []).flatMap((container, i) => {
    const at = `${field}[${i}]`;
    const causes = validContainer(at, container, scope);
    addAll(causes, validRestartPolicy(at, container));
    if (names.has(container.name)) causes.push(duplicate(`${at}.name`, container.name));
    else if (container.name) names.add(container.name);
    addAll(causes, conflictingHostPorts(field, [container]));
    addAll(
      causes,
      container.restartPolicy === 'Always' ? sidecar(at, container, scope) : plainInit(at, container),
    );
    return causes;
  });
}

function sidecar(at: string, container: Container, { spec }: Scope): Cause[] {
  const { lifecycle } = container;
  const grace = spec.terminationGracePeriodSeconds;
  return [
    ...(lifecycle ? validLifecycle(`${at}.lifecycle`, lifecycle, grace) : []),
    ...validProbes(at, container),
  ];
}

const plainInit = (at: string, container: Container): Cause[] =>
  onlyForSidecars
    .filter((name) => container[name] !== undefined)
    .map((name) =>
      forbidden(`${at}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
    );

/** Checks what holds for containers of every kind. */
export function validContainer(at: string, container: Container, scope: Scope): Cause[] {
  const { spec, volumes } = scope;
  const { name, image, volumeMounts = [], volumeDevices = [] } = container;
  const causes = name ? checked(`${at}.name`, name, dns1123LabelProblems) : [required(`${at}.name`)];
  if (!image) causes.push(required(`${at}.image`));
  const policies = ['File', 'FallbackToLogsOnError'];
  addAll(
    causes,
    oneOf(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, policies),
    validPorts(`${at}.ports`, container.ports ?? []),
    validEnv(`${at}.env`, container.env ?? []),
    validEnvFrom(`${at}.envFrom`, container.envFrom ?? []),
    volumeMounts.length > 0 ? validMounts(`${at}.volumeMounts`, container, volumes) : [],
    volumeDevices.length > 0 ? validDevices(`${at}.volumeDevices`, container, scope) : [],
    oneOf(`${at}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    validResources(`${at}.resources`, container.resources, scope.claims),
    validResizePolicy(`${at}.resizePolicy`, container.resizePolicy ?? [], spec.restartPolicy),
    validSecurity(`${at}.securityContext`, container.securityContext, spec.hostUsers),
  );
  return causes;
}
