import type { Affinity, DaemonSet, Pod, PodSpec, Toleration } from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { revisionLabel } from '../revisions/plan.ts';

const generationAnnotation = 'deprecated.daemonset.template.generation';
const generationLabel = 'pod-template-generation';
const nameField = 'metadata.name';

/** A Pod that the scheduler can bind to this Node only. */
export function podOf(set: DaemonSet, name: string, node: string, hash: string): Pod {
  const { metadata, spec } = set;
  const { labels, annotations, finalizers } = spec?.template.metadata ?? {};
  const generation = metadata.annotations?.[generationAnnotation];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${metadata.name}-`,
      namespace: metadata.namespace ?? '',
      labels: { ...labels, ...(generation && { [generationLabel]: generation }), [revisionLabel]: hash },
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference({ ...set, apiVersion: 'apps/v1', kind: 'DaemonSet' })],
    },
    spec: specOn(spec?.template.spec ?? { containers: [] }, node),
  };
}

const specOn = (spec: PodSpec, node: string): PodSpec => ({
  ...spec,
  affinity: onlyOn(spec.affinity, node),
  tolerations: tolerationsOf(spec),
});

function onlyOn(affinity: Affinity | undefined, node: string): Affinity {
  const term = { matchFields: [{ key: nameField, operator: 'In' as const, values: [node] }] };
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}

/** Returns what the Pod is on, or is to be. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms =
    spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.flatMap(({ matchFields = [] }) =>
    matchFields.flatMap(({ key, values }) => (key === nameField ? (values?.[0] ?? []) : [])),
  )[0];
}

/** Daemons stay on a Node that is in trouble: they may be what looks after it. */
export function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): Toleration[] {
  const about = (condition: string, effect: Toleration['effect'] & string): Toleration => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect,
  });
  const added = [
    about('not-ready', 'NoExecute'),
    about('unreachable', 'NoExecute'),
    about('disk-pressure', 'NoSchedule'),
    about('memory-pressure', 'NoSchedule'),
    about('pid-pressure', 'NoSchedule'),
    about('unschedulable', 'NoSchedule'),
    ...(hostNetwork ? [about('network-unavailable', 'NoSchedule')] : []),
  ];
  const isSame = (a: Toleration, b: Toleration) =>
    a.key === b.key && a.effect === b.effect && a.operator === b.operator && !a.value;
  return [...tolerations.filter((own) => !added.some((other) => isSame(own, other))), ...added];
}
