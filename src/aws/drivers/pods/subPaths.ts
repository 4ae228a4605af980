import type { Container, VolumeMount } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { ConfigError, type PodContext } from '../../../shared/podspec/context.ts';
import { type EnvEntry, traceEnv } from '../../../shared/podspec/env.ts';
import { subPathOf } from '../../../shared/podspec/subPath.ts';
import type { VolumeFiles } from '../../../shared/podspec/volumes.ts';
import type { Views } from './context.ts';
import { isLate } from './late.ts';
import { onlyFile } from './volumes.ts';

/** The same views of a Pod whose mounts name their parts without variables. Throws ConfigError in kubelet's words. */
export async function withSubPaths(views: Views): Promise<Views> {
  const all = containersOf(views.own.pod);
  if (!all.some(({ volumeMounts = [] }) => volumeMounts.some(({ subPathExpr }) => subPathExpr))) return views;
  return { ...views, own: await resolved(views.own), neutral: await resolved(views.neutral) };
}

async function resolved(context: PodContext): Promise<PodContext> {
  const { spec } = context.pod;
  const inside = async (container: Container): Promise<Container> => {
    const env = await traceEnv(container, context);
    return {
      ...container,
      ...(container.volumeMounts && { volumeMounts: container.volumeMounts.map((each) => plain(each, env)) }),
    };
  };
  const [initContainers, containers] = await Promise.all(
    [spec?.initContainers ?? [], spec?.containers ?? []].map((each) => Promise.all(each.map(inside))),
  );
  return {
    ...context,
    pod: {
      ...context.pod,
      spec: {
        ...spec,
        ...(spec?.initContainers && { initContainers: initContainers ?? [] }),
        containers: containers ?? [],
      },
    },
  };
}

function plain(mount: VolumeMount, env: Record<string, EnvEntry>): VolumeMount {
  if (!mount.subPathExpr) return mount;
  const { subPathExpr, ...rest } = mount;
  const values = Object.fromEntries(Object.entries(env).map(([name, { value }]) => [name, value]));
  const subPath = subPathOf(mount, values);
  const isSecret = Object.entries(env).some(
    ([name, { secret, holds }]) => (secret || holds) && subPathExpr.includes(`$(${name})`),
  );
  if (isLate(subPath) || isSecret)
    throw new ConfigError(
      `volumeMount "${mount.mountPath}": on Fargate ${subPathExpr} can hold neither a Secret nor the address of the Pod`,
    );
  return { ...rest, subPath };
}

/**
 * The part of a volume's files that a subPath names: one file, or those in a folder, none where there is no such folder, as
 * kubelet makes one then.
 */
export function partOf(
  files: VolumeFiles,
  subPath: string | undefined,
): { files: VolumeFiles; isFile: boolean } {
  if (!subPath) return { files, isFile: false };
  const wanted = subPath
    .split('/')
    .filter((step) => step && step !== '.')
    .join('/');
  const file = files.get(wanted);
  if (file) return { files: new Map([[onlyFile, file]]), isFile: true };
  const inside = [...files].filter(([path]) => wanted === '' || path.startsWith(`${wanted}/`));
  const start = wanted === '' ? 0 : wanted.length + 1;
  return { files: new Map(inside.map(([path, each]) => [path.slice(start), each])), isFile: false };
}
