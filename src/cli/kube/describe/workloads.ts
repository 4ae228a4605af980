import type { Deployment, Pod, ReplicaSet } from '../../../shared/kinds/schema/types.ts';
import type { Page } from './page.ts';
import { podTemplate } from './pod.ts';
import { annotationLines, conditionRows, controlledBy, dateText, pairs, selectorOf } from './words.ts';

export function deployment(
  page: Page,
  { metadata, spec, status = {} }: Deployment,
  replicaSets: { old: ReplicaSet[]; new: ReplicaSet[] },
): void {
  page.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  page.field(0, 'CreationTimestamp', dateText(metadata.creationTimestamp));
  page.list('Labels', pairs(metadata.labels)).list('Annotations', annotationLines(metadata.annotations));
  page.field(0, 'Selector', selectorOf(spec?.selector));
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status;
  page.field(
    0,
    'Replicas',
    `${spec?.replicas ?? 1} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  page.field(0, 'StrategyType', spec?.strategy?.type).field(0, 'MinReadySeconds', spec?.minReadySeconds ?? 0);
  const rolling = spec?.strategy?.rollingUpdate;
  if (rolling)
    page.field(
      0,
      'RollingUpdateStrategy',
      `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`,
    );
  podTemplate(page, spec?.template ?? {});
  conditionRows(page, status.conditions);
  if (replicaSets.old.length || replicaSets.new.length)
    page
      .field(0, 'OldReplicaSets', replicaSetText(replicaSets.old))
      .field(0, 'NewReplicaSet', replicaSetText(replicaSets.new));
}

const replicaSetText = (list: ReplicaSet[]): string =>
  list
    .map(
      ({ metadata, spec, status }) =>
        `${metadata.name} (${status?.replicas ?? 0}/${spec?.replicas ?? 1} replicas created)`,
    )
    .join(', ') || '<none>';

export function replicaSet(page: Page, { metadata, spec, status }: ReplicaSet, pods: Pod[]): void {
  page.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  page.field(0, 'Selector', selectorOf(spec?.selector));
  page.list('Labels', pairs(metadata.labels)).list('Annotations', annotationLines(metadata.annotations));
  controlledBy(page, metadata);
  page.field(0, 'Replicas', `${status?.replicas ?? 0} current / ${spec?.replicas ?? 1} desired`);
  const count = (phase: string) => pods.filter((pod) => pod.status?.phase === phase).length;
  page.field(
    0,
    'Pods Status',
    `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`,
  );
  podTemplate(page, spec?.template ?? {});
  conditionRows(page, status?.conditions);
}
