import type { Container, Job, Pod } from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import {
  failureCountAnnotation,
  failuresBefore,
  ignoredBefore,
  ignoredCountAnnotation,
  indexAnnotation,
  limitsPerIndex,
  trackingFinalizer,
} from './facts.ts';
import { verdictOn } from './policies.ts';

/** Returns what a new Pod's name begins with, without the last dash; with the index there is room for the suffix. */
export const namePrefix = ({ metadata: { name = '' } }: Job, index?: number): string =>
  index === undefined ? name : `${name.slice(0, 57 - `-${index}`.length)}-${index}`;

/** A Pod of the Job. `replaced` is the failed Pod of the same index that it follows. */
export function podOf(job: Job, name: string, index?: number, replaced?: Pod): Pod {
  const { template } = job.spec!;
  const { labels, annotations, finalizers = [] } = template.metadata ?? {};
  const byIndex: Record<string, string> = index === undefined ? {} : { [indexAnnotation]: String(index) };
  const counts = index !== undefined && limitsPerIndex(job) ? failureCounts(job, replaced) : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${namePrefix(job, index)}-`,
      namespace: job.metadata.namespace ?? '',
      labels: { ...labels, ...byIndex },
      ...((annotations || index !== undefined) && { annotations: { ...annotations, ...byIndex, ...counts } }),
      finalizers: [...finalizers.filter((f) => f !== trackingFinalizer), trackingFinalizer],
      ownerReferences: [controllerReference({ ...job, apiVersion: 'batch/v1', kind: 'Job' })],
    },
    spec: index === undefined ? template.spec! : indexedSpec(job, index),
  };
}

function indexedSpec({ metadata, spec }: Job, index: number) {
  const { containers, initContainers, ...rest } = spec!.template.spec!;
  return {
    ...rest,
    ...(initContainers && { initContainers: initContainers.map(withIndex) }),
    containers: containers.map(withIndex),
    hostname: `${metadata.name}-${index}`,
  };
}

const variable = 'JOB_COMPLETION_INDEX';

const withIndex = (container: Container): Container =>
  container.env?.some(({ name }) => name === variable)
    ? container
    : {
        ...container,
        env: [
          ...(container.env ?? []),
          {
            name: variable,
            valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } },
          },
        ],
      };

function failureCounts({ spec }: Job, replaced: Pod | undefined): Record<string, string> {
  const counted = replaced ? verdictOn(spec?.podFailurePolicy, replaced).counts : false;
  const failures = (replaced ? failuresBefore(replaced) : 0) + (counted ? 1 : 0);
  const ignored = (replaced ? ignoredBefore(replaced) : 0) + (replaced && !counted ? 1 : 0);
  return {
    [failureCountAnnotation]: String(failures),
    ...(ignored > 0 && { [ignoredCountAnnotation]: String(ignored) }),
  };
}
