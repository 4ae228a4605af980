import type { Connection } from '../kube/connection.ts';
import { pathOf, type Resource } from '../kube/discovery.ts';
import type { KubeObject } from '../kube/objects.ts';
import { linesOf, query, statesOf } from '../kube/read.ts';

interface ContainerStatus {
  name: string;
  containerID?: string;
  state?: { running?: object; waiting?: { reason?: string; message?: string } };
}

/** Is what is looked at of a Pod. */
export interface FollowedPod extends KubeObject {
  spec: { containers: { name: string }[] };
  status?: { containerStatuses?: ContainerStatus[] };
}

/** What there is to say of a program: a line that it printed, or why it does not run. */
export type Said = (pod: string, container: string, line: string, isTrouble: boolean) => void;

/**
 * Tells what all programs of a namespace print, each run of each container from its first line, and why one does not start;
 * until `signal`.
 */
export async function followPods(
  connection: Connection,
  pods: Resource,
  namespace: string,
  say: Said,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Set<string>();
  const once = (key: string): boolean => !followed.has(key) && Boolean(followed.add(key));
  for await (const pod of statesOf<FollowedPod>(connection, pods, { namespace }, signal)) {
    const { name, uid } = pod.metadata;
    for (const { name: container, containerID, state } of pod.status?.containerStatuses ?? []) {
      const { reason, message } = state?.waiting ?? {};
      if (reason && message && once(`${uid} ${container} ${reason}`))
        say(name, container, `${reason}: ${message}`, true);
      // A program that has ended at once has printed something too.
      if (!containerID || !once(containerID)) continue;
      const log = { container, follow: true };
      const path = `${pathOf(pods, namespace, name, 'log')}${query(log)}`;
      void printLog(connection, path, (line) => say(name, container, line, false), signal);
    }
  }
}

/** A log ends with its program, or with a Pod that is gone before it could be read. */
async function printLog(
  connection: Connection,
  path: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const line of linesOf(await connection.stream({ path, accept: '*/*', signal }))) say(line);
  } catch (error) {
    if (!signal.aborted) say(`(its log ends: ${(error as Error).message})`);
  }
}
