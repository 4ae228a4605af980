import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminalOf } from '../../../src/cli/console/page/terminal/commands.ts';
import { Screen } from '../../../src/cli/console/page/terminal/screen.ts';

const rows = 45;
const columns = 160;
const lookMs = 50;
const patienceMs = 60_000;

/** A program in a terminal of its own, made by `script` of util-linux: keys go in, a screen comes out. */
export class Session {
  readonly #screen = new Screen(rows, columns);
  readonly #child: ChildProcess;

  /** `command` goes through a shell. */
  constructor(command: string, env: NodeJS.ProcessEnv) {
    const line = `stty rows ${rows} cols ${columns}; exec ${command}`;
    this.#child = spawn('script', ['-qfec', line, '/dev/null'], {
      env: { ...env, TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const terminal = terminalOf(this.#screen, (answer) => this.type(answer));
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => terminal.write(text));
    // Keys for a program that has ended go nowhere.
    this.#child.stdin!.on('error', () => {});
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /**
   * Waits until the screen shows what is wanted. @returns the screen.
   * @throws with the screen when it does not come.
   */
  async sees(wanted: RegExp): Promise<string> {
    for (const end = Date.now() + patienceMs; ; await sleep(lookMs)) {
      const text = Array.from({ length: rows }, (_, row) => this.#screen.textOf(row)).join('\n');
      if (wanted.test(text)) return text;
      if (Date.now() > end) throw new Error(`${wanted} did not come:\n${text}`);
      if (this.#child.exitCode !== null) throw new Error(`it has ended:\n${text}`);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}
