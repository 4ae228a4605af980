/** Knows which Pods mount a folder of this machine through a claim, so that none takes the files of another away. */
export class VolumeUsers {
  readonly #byFolder = new Map<string, Set<string>>();

  /** Notes that a Pod, by its uid, mounts a folder. Returns whether no other does. */
  note(folder: string, uid: string): boolean {
    const users = this.#byFolder.get(folder) ?? new Set();
    this.#byFolder.set(folder, users.add(uid));
    return users.size === 1;
  }

  /** Returns what a Pod mounts. */
  foldersOf(uid: string): string[] {
    return [...this.#byFolder].flatMap(([folder, users]) => (users.has(uid) ? [folder] : []));
  }

  /** Notes that nothing of a Pod runs any more. */
  forget(uid: string): void {
    for (const [folder, users] of this.#byFolder)
      if (users.delete(uid) && users.size === 0) this.#byFolder.delete(folder);
  }
}
