import type { Container, Pod, PodTemplateSpec } from '../../../shared/kinds/schema/types.ts';
import { containers } from './containers.ts';
import type { Page } from './page.ts';
import { volumes } from './volumes.ts';
import { ageText, annotationLines, controlledBy, dateText, head, pairs, tolerationLines } from './words.ts';

export function pod(page: Page, object: Pod): void {
  const { metadata, spec, status = {} } = object;
  head(page, metadata, () => {
    if (spec?.priority !== undefined) page.field(0, 'Priority', spec.priority);
    if (spec?.priorityClassName) page.field(0, 'Priority Class Name', spec.priorityClassName);
    if (spec?.runtimeClassName) page.field(0, 'Runtime Class Name', spec.runtimeClassName);
    if (spec?.serviceAccountName) page.field(0, 'Service Account', spec.serviceAccountName);
    page.field(0, 'Node', spec?.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>');
    if (status.startTime) page.field(0, 'Start Time', dateText(status.startTime));
  });
  phase(page, object);
  if (status.reason) page.field(0, 'Reason', status.reason);
  if (status.message) page.field(0, 'Message', status.message);
  const profile = spec?.securityContext?.seccompProfile;
  if (profile) page.field(0, 'SeccompProfile', profile.type);
  page.field(0, 'IP', status.podIP);
  page.write(0, status.podIPs?.length ? 'IPs:\n' : 'IPs:\t<none>\n');
  for (const { ip } of status.podIPs ?? []) page.field(1, 'IP', ip);
  controlledBy(page, metadata);
  if (status.nominatedNodeName) page.field(0, 'NominatedNodeName', status.nominatedNodeName);
  if (spec?.initContainers?.length)
    containers(page, 'Init Containers', spec.initContainers, {
      statuses: status.initContainerStatuses,
      pod: object,
    });
  containers(page, 'Containers', spec?.containers ?? [], { statuses: status.containerStatuses, pod: object });
  if (spec?.ephemeralContainers?.length)
    containers(page, 'Ephemeral Containers', spec.ephemeralContainers as Container[], {
      statuses: status.ephemeralContainerStatuses,
      pod: object,
    });
  conditions(page, object);
  volumes(page, spec?.volumes);
  page.field(0, 'QoS Class', status.qosClass);
  page
    .list('Node-Selectors', pairs(spec?.nodeSelector))
    .list('Tolerations', tolerationLines(spec?.tolerations));
}

function phase(page: Page, { metadata, status }: Pod): void {
  const over = status?.phase === 'Failed' || status?.phase === 'Succeeded';
  if (!metadata.deletionTimestamp || over) {
    page.field(0, 'Status', status?.phase);
    return;
  }
  page.field(0, 'Status', `Terminating (lasts ${ageText(metadata.deletionTimestamp)})`);
  page.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds}s`);
}

function conditions(page: Page, { spec, status }: Pod): void {
  const list = status?.conditions ?? [];
  if (spec?.readinessGates?.length) page.write(0, 'Readiness Gates:\n  Type\tStatus\n');
  for (const { conditionType } of spec?.readinessGates ?? []) {
    const found = list.find(({ type }) => type === conditionType)?.status ?? '<none>';
    page.write(1, `${conditionType} \t${found} \n`);
  }
  if (list.length) page.write(0, 'Conditions:\n  Type\tStatus\n');
  for (const { type, status } of list) page.write(1, `${type} \t${status} \n`);
}

/** Writes what Pods are made of, as Deployments and revisions of them show it. */
export function podTemplate(page: Page, { metadata, spec }: PodTemplateSpec): void {
  page.write(0, 'Pod Template:\n');
  page.list('  Labels', pairs(metadata?.labels));
  if (Object.keys(metadata?.annotations ?? {}).length)
    page.list('  Annotations', annotationLines(metadata?.annotations));
  if (spec?.serviceAccountName) page.field(1, 'Service Account', spec.serviceAccountName);
  if (spec?.initContainers?.length)
    containers(page, 'Init Containers', spec.initContainers, { indent: '  ' });
  containers(page, 'Containers', spec?.containers ?? [], { indent: '  ' });
  volumes(page, spec?.volumes, '  ');
  if (spec?.priorityClassName) page.field(1, 'Priority Class Name', spec.priorityClassName);
  page.list('  Node-Selectors', pairs(spec?.nodeSelector));
  page.list('  Tolerations', tolerationLines(spec?.tolerations));
}
