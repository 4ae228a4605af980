import { cannotEnter, type Execution, endedPhase, execIn } from '../enter/exec.ts';
import { defaultContainerOf, type Pod } from '../pods.ts';
import { getObject } from '../read.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { type FileSpec, fileSpec } from './filespec.ts';

/** Runs a command in the container that a copy is about; answers its exit code. */
export type Run = (execution: Omit<Execution, 'container' | 'tty'>, signal?: AbortSignal) => Promise<number>;

/** Copies files and folders into a container, or out of one, by the tar that it has. */
export async function runCopy(scene: Scene): Promise<number> {
  const { positionals } = scene.call;
  if (positionals.length !== 2) throw new Error('source and destination are required');
  const [from, to] = positionals.map(fileSpec) as [FileSpec, FileSpec];
  if (from.pod && to.pod) throw new Error('one of src or dest must be a local file specification');
  if (!from.path || !to.path) throw new Error('filepath can not be empty');
  const out = scene.io.out;
  if (from.pod)
    return (await import('./fromPod.ts')).copyFromPod(scene, from, to.path, runIn(scene, from, out));
  if (!to.pod) throw new Error('one of src or dest must be a remote file specification');
  return (await import('./toPod.ts')).copyToPod(scene, from.path, to.path, runIn(scene, to, scene.io.err));
}

/** `tell` hears which of several containers it is, once. */
function runIn(scene: Scene, { pod: name, namespace }: FileSpec, tell: (line: string) => void): Run {
  let told = false;
  return async (execution, signal) => {
    const pods = resourceNamed('pods', await scene.resources());
    const pod = (await getObject(scene.connection, pods, namespace ?? scene.namespace, name!)) as Pod;
    const phase = endedPhase(pod);
    if (phase) throw cannotEnter(phase);
    const asked = scene.call.text('container');
    const container = asked ?? defaultContainerOf(pod, (line) => told || tell(line));
    told = true;
    const { interrupted } = scene.io;
    const ending = signal ? AbortSignal.any([signal, interrupted]) : interrupted;
    return execIn(scene, pod, { ...execution, container, tty: false }, { interrupted: ending });
  };
}
