import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { PodRef } from '../../../../shared/ports/cloud.ts';
import type { Run } from '../sandbox.ts';
import type { ContainerSummary } from './answers.ts';

const prefix = 'dev.shallop';
const planeLabel = `${prefix}.plane`;
const folderLabel = `${prefix}.folder`;
const machineLabel = `${prefix}.machine`;
const uidLabel = 'io.kubernetes.pod.uid';
const roleLabel = `${prefix}.role`;

/** Describes what the containers of one data folder are known by. */
export interface Labels {
  /** Names of containers, the same ones for every control plane of the folder. */
  runName(run: Run): string;
  podName(ref: PodRef): string;
  ofRun(run: Run): Record<string, string>;
  ofPod(ref: PodRef): Record<string, string>;
  /** Filters for lists and events, as the engine's API takes them. */
  all(): string;
  pod(uid: string): string;
  events(): string;
}

export function labelsOf(folder: string): Labels {
  const plane = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const common = ({ cluster, namespace, name, uid }: PodRef) => ({
    [planeLabel]: plane,
    [folderLabel]: folder,
    [machineLabel]: hostname(),
    [`${prefix}.cluster`]: cluster,
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': namespace,
    [uidLabel]: uid,
  });
  const named = (container: string, { name, namespace, uid }: PodRef, number: number) =>
    `shallop_${container}_${name}_${namespace}_${uid}_${number}_${plane}`;
  return {
    runName: ({ ref, container, number }) => named(container, ref, number),
    podName: (ref) => named('POD', ref, 0),
    ofRun: ({ ref, container, number }) => ({
      ...common(ref),
      [roleLabel]: 'container',
      'io.kubernetes.container.name': container,
      [`${prefix}.run`]: String(number),
    }),
    ofPod: (ref) => ({ ...common(ref), [roleLabel]: 'pod' }),
    all: () => filter(`${planeLabel}=${plane}`),
    pod: (uid) => filter(`${planeLabel}=${plane}`, `${uidLabel}=${uid}`),
    events: () => JSON.stringify({ type: ['container'], label: [`${planeLabel}=${plane}`] }),
  };
}

const filter = (...label: string[]) => JSON.stringify({ label });

/** Containers of every data folder. */
export const everybodys = (): string => filter(folderLabel);

type Labelled = Pick<ContainerSummary, 'Labels'>;

export const uidOf = ({ Labels }: Labelled): string => Labels?.[uidLabel] ?? '';

/** Is it the container that keeps a Pod's namespaces? */
export const isPause = ({ Labels }: Labelled): boolean => Labels?.[roleLabel] === 'pod';

/** The data folder of a container, where it is or was one of this machine. */
export const folderOf = ({ Labels }: Labelled): string | undefined =>
  Labels?.[machineLabel] === hostname() ? Labels[folderLabel] : undefined;
