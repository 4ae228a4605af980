import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageClass } from '../../../shared/kinds/schema/types.ts';
import type { MadeVolume, VolumeRef, Volumes } from '../../../shared/ports/cloud.ts';
import { removeTree } from '../pods/native/removeTree.ts';

const provisioner = 'shallop.dev/local';

const local: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
};

/**
 * A folder for each claim, `<folder>/<uid>`, and beside it `<uid>.json`, which says whose it is. Every access mode is
 * served, since there is one machine; sizes are not enforced.
 */
export function openLocalVolumes({ folder }: { folder: string }): Volumes {
  const place = ({ uid }: VolumeRef) => join(folder, uid);
  const note = ({ uid }: VolumeRef) => join(folder, `${uid}.json`);
  return {
    provisioner,
    classes: [local],

    async provision(ref, claim): Promise<MadeVolume> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      // First, and whole: a folder that no note names would be nobody's for ever.
      await writeFile(`${note(ref)}.new`, JSON.stringify(ref), { mode: 0o600 });
      await rename(`${note(ref)}.new`, note(ref));
      await mkdir(place(ref), { recursive: true });
      // For the users of all containers, as of other provisioners of folders; nobody else comes through the one above.
      await chmod(place(ref), 0o777);
      return {
        // Not made anew when it is missing: an empty folder would look like lost data that nobody lost.
        spec: { hostPath: { path: place(ref), type: 'Directory' } },
        capacity: claim.spec?.resources?.requests?.storage ?? '0',
      };
    },

    async remove(ref) {
      await removeTree(place(ref));
      await rm(note(ref), { force: true });
    },

    async list() {
      const names = await readdir(folder).catch(() => []);
      const notes = names.filter((name) => name.endsWith('.json'));
      return Promise.all(
        notes.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as VolumeRef),
      );
    },
  };
}
