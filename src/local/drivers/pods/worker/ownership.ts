import { chmodSync, lchownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PodSpec, Volume } from '../../../../shared/kinds/schema/types.ts';
import { isProjected } from '../../../../shared/podspec/volumes.ts';

/**
 * Gives a Pod's own volumes the modes and the group that kubelet gives them: scratch folders are open to every user of
 * the Pod, and with an fsGroup the files belong to it. `fresh`: nothing has run yet that could have changed a mode.
 * Only root can give files away; elsewhere a container's users are all the same one.
 */
export function giveVolumes(folder: string, spec: PodSpec | undefined, fresh: boolean): void {
  const fsGroup = process.getuid?.() === 0 ? spec?.securityContext?.fsGroup : undefined;
  for (const volume of spec?.volumes ?? []) {
    const place = join(folder, volume.name);
    if (isScratch(volume) && fresh) {
      chmodSync(place, 0o777);
      if (fsGroup !== undefined) give(place, fsGroup, 0o660);
    }
    if (isProjected(volume) && fsGroup !== undefined) give(place, fsGroup, 0o440);
  }
}

const isScratch = ({ emptyDir }: Volume) => Boolean(emptyDir);

/** Links are left alone: what they lead to is given by itself, if it is in the volume. */
function give(path: string, group: number, more: number): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  if (stat.gid !== group) lchownSync(path, stat.uid, group);
  const mode = stat.mode & 0o7777;
  const wanted = mode | more | (stat.isDirectory() ? 0o2110 : 0);
  if (wanted !== mode) chmodSync(path, wanted);
  if (stat.isDirectory()) for (const name of readdirSync(path)) give(join(path, name), group, more);
}
