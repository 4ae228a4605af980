import type { Rejection } from './plugin.ts';

const noVictims = 'No preemption victims found for incoming pod';
const noHelp = 'Preemption is not helpful for scheduling';

/** Returns why no Node can take a Pod, as kube-scheduler words it: how many Nodes have which reason. */
export function availability(nodes: number, reasons: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `${head(nodes)} ${parts.join(', ')}.`;
}

/** The same where it was found before a look at single Nodes. */
export const refused = (nodes: number, refusal: string): string => `${head(nodes)} ${refusal}.`;

const head = (nodes: number) => `0/${nodes} nodes are available:`;

/** Returns what preemption comes to: its words after those of the filters. */
export const withPreemption = (message: string, why: string): string =>
  `${message} no new claims to deallocate, preemption: ${why}`;

/**
 * Returns why preemption finds no Node: those that others' leaving would not help, and those on which nobody may be
 * sent away.
 */
export const unhelpful = (nodes: number, tried: readonly Rejection[]): string =>
  availability(nodes, [
    ...tried.flatMap(({ reasons }) => reasons),
    ...Array.from({ length: nodes - tried.length }, () => noHelp),
  ]);

/** A Node on which nobody may be sent away for the Pod. */
export const withoutVictims: Rejection = { reasons: [noVictims], isFinal: true };

/** Is what is said where there is no Node at all. */
export const noNodes = 'no nodes available to schedule pods';
