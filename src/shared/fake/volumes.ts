import type { PersistentVolumeClaim, StorageClass } from '../kinds/schema/types.ts';
import type { MadeVolume, VolumeRef, Volumes } from '../ports/cloud.ts';

/** Volumes that are records. `calls` says what was asked. */
export class FakeVolumes implements Volumes {
  readonly provisioner = 'shallop.dev/fake';
  readonly classes: StorageClass[] = [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fake', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: this.provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
  ];
  readonly calls: string[] = [];
  /** By the uid of their claim. */
  readonly made = new Map<string, VolumeRef>();
  #failures: Error[] = [];

  async provision(ref: VolumeRef, { spec }: PersistentVolumeClaim): Promise<MadeVolume> {
    this.#called('provision', ref);
    this.made.set(ref.uid, ref);
    return {
      spec: { hostPath: { path: `/fake/${ref.uid}` } },
      capacity: spec?.resources?.requests?.storage ?? '1Gi',
    };
  }

  async remove(ref: VolumeRef): Promise<void> {
    this.#called('remove', ref);
    this.made.delete(ref.uid);
  }

  async list(): Promise<VolumeRef[]> {
    return [...this.made.values()];
  }

  /** The next call fails. */
  failNext(error: Error): void {
    this.#failures.push(error);
  }

  #called(verb: string, { cluster, namespace, name }: VolumeRef): void {
    this.calls.push(`${verb} ${cluster}/${namespace}/${name}`);
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}
