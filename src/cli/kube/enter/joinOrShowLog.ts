import { messageOf } from '../failure.ts';
import { defaultContainerOf, type Pod } from '../pods.ts';
import { query } from '../read.ts';
import type { Scene } from '../scene.ts';
import { attachTo } from './attach.ts';
import { pathIn } from './exec.ts';

/**
 * Joins a container until it ends or is left. One that was too fast to be joined has its output in the log; without a
 * name it is the Pod's default one.
 */
export async function joinOrShowLog(
  scene: Scene,
  pod: Pod,
  hasEnded: boolean,
  container?: string,
): Promise<void> {
  const { io } = scene;
  if (hasEnded) return showLog(scene, pod, container);
  try {
    await attachTo(scene, pod, container);
  } catch (error) {
    if (io.interrupted.aborted) throw error;
    const why = `couldn't attach to pod/${pod.metadata.name}, falling back to streaming logs: ${messageOf(error)}`;
    io.err(`warning: ${why}`);
    await showLog(scene, pod, container);
  }
}

async function showLog(scene: Scene, pod: Pod, asked: string | undefined): Promise<void> {
  const { io, connection } = scene;
  const container = asked ?? defaultContainerOf(pod, io.err);
  const path = `${await pathIn(scene, pod, 'log')}${query({ container })}`;
  for await (const chunk of await connection.stream({ path, accept: '*/*' })) io.write(chunk);
}
