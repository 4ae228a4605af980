/**
 * Knows of which logical clusters all Services have been told since this process began. Before that nobody knows what of the
 * rules that an earlier process left is still right.
 */
export class FirstPass {
  readonly #over: (cluster: string) => void;
  /** Is told of, by logical cluster, before it was said what there is. */
  readonly #told = new Map<string, Set<string>>();
  /** Is to be told of yet, by logical cluster. */
  readonly #left = new Map<string, Set<string>>();
  readonly #ends = new Map<string, PromiseWithResolvers<void>>();
  readonly #done = new Set<string>();

  /** Calls `over` once for each logical cluster. */
  constructor(over: (cluster: string) => void) {
    this.#over = over;
  }

  /** These Services there are, and no others. */
  expect(cluster: string, owners: Iterable<string>): void {
    if (this.#done.has(cluster)) return;
    const told = this.#told.get(cluster);
    this.#left.set(cluster, new Set([...owners].filter((owner) => !told?.has(owner))));
    this.#look(cluster);
  }

  /** One has been told of, whatever was said. */
  heard(cluster: string, owner: string): void {
    if (this.#done.has(cluster)) return;
    const told = this.#told.get(cluster);
    if (told) told.add(owner);
    else this.#told.set(cluster, new Set([owner]));
    if (this.#left.get(cluster)?.delete(owner)) this.#look(cluster);
  }

  isOver(cluster: string): boolean {
    return this.#done.has(cluster);
  }

  /** Resolves when it is over. */
  async end(cluster: string): Promise<void> {
    if (this.#done.has(cluster)) return;
    const end = this.#ends.get(cluster) ?? Promise.withResolvers<void>();
    this.#ends.set(cluster, end);
    await end.promise;
  }

  #look(cluster: string): void {
    if (this.#left.get(cluster)?.size !== 0) return;
    this.#left.delete(cluster);
    this.#told.delete(cluster);
    this.#done.add(cluster);
    this.#over(cluster);
    this.#ends.get(cluster)?.resolve();
    this.#ends.delete(cluster);
  }
}
