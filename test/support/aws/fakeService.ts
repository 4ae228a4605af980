/** An error as the SDK throws it when a service refuses a request. */
export const failure = (name: string, more: object = {}): Error =>
  Object.assign(new Error(name), { name, $fault: 'client', ...more });

/** What a service answers to each of its requests, by the request's name. */
export type Acts<Input> = Record<string, (input: Input) => object | undefined>;

/** A service of AWS in memory, with the client that drivers are given. */
export abstract class FakeService<Input> {
  /** Names of the requests so far. */
  readonly calls: string[] = [];
  readonly #failures: { name: string; error: Error }[] = [];
  readonly #unknown: string;

  /** @param unknown the code with which requests are refused that the service does not know. */
  constructor(unknown: string) {
    this.#unknown = unknown;
  }

  protected abstract readonly acts: Acts<Input>;

  readonly client = {
    send: async (command: { constructor: { name: string }; input: object }): Promise<never> => {
      const name = command.constructor.name.replace(/Command$/, '');
      this.calls.push(name);
      const at = this.#failures.findIndex((f) => f.name === name);
      if (at >= 0) throw this.#failures.splice(at, 1)[0]!.error;
      const act = this.acts[name];
      if (!act) throw failure(this.#unknown);
      return structuredClone(act(command.input as Input) ?? {}) as never;
    },
  };

  /** The next request of this name fails. */
  failNext(name: string, code: string): void {
    this.#failures.push({ name, error: failure(code) });
  }
}
