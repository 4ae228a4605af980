import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

/**
 * The first process: it gives the boot its name, and takes leave of whoever has lost a parent. There is a whole /proc too, as
 * the kernel lets user namespaces mount their own only where they see one of which nothing is covered.
 */
const first = `mount -t proc proc "$1" && mount --bind "$0" /proc/sys/kernel/random/boot_id && echo up
sleep 1000000 & while :; do wait; done`;

/**
 * A machine within this one that can be switched off: all of its processes end then and nothing stays mounted, and the next
 * boot has another name. It takes root, on Linux.
 */
export class Machine {
  readonly #folder: string;
  #process: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async boot(): Promise<void> {
    const [name, proc] = [join(this.#folder, 'boot'), join(this.#folder, 'proc')];
    mkdirSync(proc, { recursive: true });
    writeFileSync(name, `${randomUUID()}\n`);
    const apart = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    this.#process = spawn('unshare', [...apart, 'sh', '-c', first, name, proc], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(this.#process.stdout!, 'data');
    if (String(said) !== 'up\n') throw new Error(`the machine did not come up: ${said}`);
  }

  /** A command line that runs another one on it, as its root or as another user. */
  words(user?: { uid: number; gid: number }): string[] {
    const init = childOf(this.#process!.pid!);
    const as = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : [];
    return ['nsenter', `--target=${init}`, '--mount', '--pid', '--', ...as];
  }

  async off(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const init = childOf(running.pid!);
    const over = once(running, 'close');
    running.kill('SIGKILL');
    await over;
    await until('everything on the machine has ended', () => !existsSync(`/proc/${init}`));
  }
}

/** The one process that another one has started. */
export function childOf(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  if (!child) throw new Error(`process ${pid} has no child`);
  return Number(child);
}
