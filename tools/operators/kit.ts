import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { anyKubectl } from '../kubectl.ts';

/** Is how long stories wait for what is to come. */
const patienceMs = 90_000;

/** What stories work with: kubectl, and patience until the signal. */
export class Kit {
  readonly #kubeconfig: string;
  readonly #say: (line: string) => void;
  readonly #signal: AbortSignal;
  readonly #commands: ReadonlyMap<string, string>;

  /** `commands` are where those of the operator's users are, by their names. */
  constructor(
    kubeconfig: string,
    say: (line: string) => void,
    signal: AbortSignal,
    commands: ReadonlyMap<string, string>,
  ) {
    this.#kubeconfig = kubeconfig;
    this.#say = say;
    this.#signal = signal;
    this.#commands = commands;
  }

  /** Runs kubectl. @throws an Error with what it said. */
  kubectl(args: readonly string[], input?: string): Promise<string> {
    return this.#run('kubectl', anyKubectl(), args, input);
  }

  /** Runs a command of the operator's users. @throws an Error with what it said. */
  command(name: string, args: readonly string[], input?: string): Promise<string> {
    return this.#run(name, this.#commands.get(name), args, input);
  }

  #run(name: string, binary: string | undefined, args: readonly string[], input = ''): Promise<string> {
    if (!binary) throw new Error(`there is no ${name}`);
    return new Promise((resolve, reject) => {
      const child = execFile(
        binary,
        ['--kubeconfig', this.#kubeconfig, ...args],
        { maxBuffer: 64 << 20, timeout: 60_000, signal: this.#signal },
        (error, stdout, stderr) =>
          error
            ? reject(new Error(`${name} ${args.join(' ')}: ${stderr || error.message}`))
            : resolve(stdout),
      );
      // A command may have ended without reading.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  }

  /** Applies objects. */
  async apply(...objects: object[]): Promise<void> {
    if (objects.length === 0) return;
    const text = objects.map((object) => JSON.stringify(object)).join('\n');
    await this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], text);
  }

  /** An object, or a list of them, as JSON. */
  async get<T = Found>(...args: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(['get', ...args, '-o', 'json'])) as T;
  }

  /** The same of what may not be there. */
  async find<T = Found>(...args: string[]): Promise<T | undefined> {
    const text = await this.kubectl(['get', ...args, '--ignore-not-found', '-o', 'json']);
    return text.trim() ? (JSON.parse(text) as T) : undefined;
  }

  /** Waits until `look` finds something, asking it again and again. @throws what it threw last, or that nothing came. */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const end = Date.now() + patienceMs;
    let last: unknown;
    for (;;) {
      try {
        const found = await look();
        if (found) {
          this.#say(`  ${what}`);
          return found as T;
        }
        last = undefined;
      } catch (error) {
        last = error;
      }
      if (Date.now() > end) throw new Error(`in vain: ${what}${last ? `: ${(last as Error).message}` : ''}`);
      await pause(250, undefined, { signal: this.#signal });
    }
  }

  /** Waits until there is nothing of it any more. */
  async gone(what: string, ...args: string[]): Promise<void> {
    await this.until(what, async () => {
      const { items } = await this.get<{ items: unknown[] }>(...args);
      return items.length === 0;
    });
  }

  /** Whether it is refused; waits for the refusal that is expected. */
  async refused(what: string, words: RegExp, object: object): Promise<void> {
    await this.until(what, async () => {
      try {
        await this.apply(object);
      } catch (error) {
        if (words.test((error as Error).message)) return true;
        throw error;
      }
      throw new Error('it was not refused');
    });
  }

  /** The identity that holds a Lease of leader election. */
  async leads(namespace: string, lease: string): Promise<void> {
    await this.until(`leads by the Lease ${namespace}/${lease}`, async () => {
      const found = await this.find<{ spec?: { holderIdentity?: string } }>('lease', '-n', namespace, lease);
      return found?.spec?.holderIdentity;
    });
  }
}

/** As much of an object as stories look at. */
export interface Found {
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly finalizers?: string[];
    readonly ownerReferences?: { readonly kind: string; readonly name: string }[];
  };
  readonly spec?: Record<string, unknown>;
  readonly status?: Record<string, unknown> & {
    readonly conditions?: { readonly type: string; readonly status: string }[];
  };
}

/** Whether an object says so of itself. */
export const says = (object: Found | undefined, type: string): boolean =>
  object?.status?.conditions?.some((own) => own.type === type && own.status === 'True') ?? false;
