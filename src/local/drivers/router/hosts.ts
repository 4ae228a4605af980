/** Values by host. An exact name goes before wildcards, a longer wildcard before a shorter one, and the empty host comes last. */
export class Hosts<T> {
  readonly #byHost = new Map<string, { value: T; isOneLabel: boolean }>();

  /** The first one for a host counts. */
  add(host: string, value: T, isOneLabel = false): void {
    const key = host.toLowerCase();
    if (!this.#byHost.has(key)) this.#byHost.set(key, { value, isOneLabel });
  }

  get(host: string): T | undefined {
    return this.#byHost.get(host)?.value;
  }

  /** `host` is in lower case. */
  find(host: string): T | undefined {
    // No name is longer; what claims to be one costs no search.
    if (host.length > 253) return this.get('');
    const exact = this.get(host);
    if (exact) return exact;
    const first = host.indexOf('.');
    for (let dot = first; dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const found = this.#byHost.get(`*${host.slice(dot)}`);
      if (found && (dot === first || !found.isOneLabel)) return found.value;
    }
    return this.get('');
  }
}
