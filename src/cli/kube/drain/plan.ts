import type { Pod } from '../pods.ts';

/** Says which Pods may go, in the words of kubectl's options. */
export interface DrainRules {
  force: boolean;
  ignoreDaemonSets: boolean;
  deleteEmptyDirData: boolean;
  /** Pods that should have been gone for longer are left alone; 0 is none. */
  skipAfterSeconds: number;
  nowMs: number;
}

/** Is what becomes of the Pods of a Node. */
export interface DrainPlan {
  going: Pod[];
  /** Empty where there is nothing to say. */
  warnings: string;
  /** While there are any, no Pod goes. */
  errors: string[];
}

/** Why the DaemonSet that a Pod names could not be read. */
export interface Unread {
  message: string;
  isNotFound: boolean;
}

/** Finds why the DaemonSet of a Pod could not be read; undefined where it is there. */
export type UnreadSet = (namespace: string | undefined, name: string) => Unread | undefined;

type Verdict = { goes: boolean; warning?: string; error?: string };
const okay: Verdict = { goes: true };

/** Decides by kubectl's rules, in its order: the last warning counts, the first reason to stay too. */
export function drainPlan(pods: Pod[], rules: DrainRules, unread: UnreadSet): DrainPlan {
  const judged = pods.map((pod) => ({ pod, ...verdictOn(pod, rules, unread) }));
  const told = (kind: 'warning' | 'error') =>
    [...Map.groupBy(judged, (one) => one[kind])].flatMap(([text, ones]) =>
      text === undefined
        ? []
        : `${text}: ${ones.map(({ pod: { metadata } }) => `${metadata.namespace}/${metadata.name}`).join(', ')}`,
    );
  return {
    going: judged.flatMap(({ pod, goes }) => (goes ? [pod] : [])),
    warnings: told('warning').join('; '),
    errors: told('error').map((text) => `cannot delete ${text}`),
  };
}

function verdictOn(pod: Pod, rules: DrainRules, unread: UnreadSet): Verdict {
  if (isOverdue(pod, rules.skipAfterSeconds, rules.nowMs)) return { goes: false };
  const hasEnded = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  const set = hasEnded ? undefined : daemonSetOf(pod);
  const ofSet = set === undefined ? okay : verdictOnDaemon(pod, set, rules, unread);
  if (!ofSet.goes) return ofSet;
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { goes: false };
  if (hasEnded) return okay;
  const isLocal = pod.spec.volumes?.some(({ emptyDir }) => emptyDir);
  if (isLocal && !rules.deleteEmptyDirData)
    return { goes: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' };
  if (controllerOf(pod)) return okay;
  return rules.force
    ? { goes: true, warning: 'deleting Pods that declare no controller' }
    : { goes: false, error: 'cannot delete Pods that declare no controller (use --force to override)' };
}

function verdictOnDaemon(pod: Pod, set: string, rules: DrainRules, unread: UnreadSet): Verdict {
  const problem = unread(pod.metadata.namespace, set);
  if (problem) return rules.force && problem.isNotFound ? okay : { goes: false, error: problem.message };
  return rules.ignoreDaemonSets
    ? { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
    : { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
}

/** True for a Pod whose end was due more than so many seconds ago. */
export function isOverdue({ metadata }: Pod, seconds: number, nowMs: number): boolean {
  const due = metadata.deletionTimestamp;
  return seconds > 0 && typeof due === 'string' && Math.trunc((nowMs - Date.parse(due)) / 1000) > seconds;
}

interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  controller?: boolean;
}

const controllerOf = ({ metadata }: Pod): Owner | undefined =>
  (metadata.ownerReferences as Owner[] | undefined)?.find(({ controller }) => controller);

/** The name of the DaemonSet that made a Pod, if one did. */
export function daemonSetOf(pod: Pod): string | undefined {
  const owner = controllerOf(pod);
  return owner?.kind === 'DaemonSet' && owner.apiVersion === 'apps/v1' ? owner.name : undefined;
}
