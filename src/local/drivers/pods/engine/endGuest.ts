import { readFileSync } from 'node:fs';
import type { ExecInspect } from './answers.ts';
import type { Engine } from './find.ts';

type Signal = 'HUP' | 'TERM' | 'KILL';

/** Describes how one command is ended that nobody waits for any more: an engine has no request for it. */
export interface EndGuest {
  /** Variables by which the command is known in its container. */
  env: string[];
  signal(exec: string, signal: Signal): Promise<void>;
}

const variable = 'SHALLOP_EXEC';

/** Sends a signal to what has this variable, with what images usually have. */
const script = `for p in /proc/[0-9]*; do
  tr '\\0' '\\n' <"$p/environ" 2>/dev/null | grep -qx "$1" && kill -s "$2" "\${p#/proc/}"
done`;

/**
 * Where the engine runs on this machine's kernel, its commands are processes of this machine, which root may end.
 * Elsewhere each has a mark in its environment, and another command in the container looks for it: that takes a shell.
 */
export function createEndGuests({ client, isHere }: Engine): (container: string) => EndGuest {
  if (isHere && process.getuid?.() === 0)
    return (container) => ({
      env: [],
      async signal(exec, signal) {
        const { Running, Pid } = await client.ask<ExecInspect>('GET', `/exec/${exec}/json`);
        if (Running && Pid && isIn(container, Pid)) sendToGroup(Pid, signal);
      },
    });
  let serial = 0;
  return (container) => {
    const mark = `${variable}=${process.pid}.${serial++}`;
    return {
      env: [mark],
      async signal(_exec, signal) {
        const { Id } = await client.ask<{ Id: string }>('POST', `/containers/${container}/exec`, {
          body: { Cmd: ['sh', '-c', script, 'sh', mark, signal], User: '0' },
        });
        await client.ask('POST', `/exec/${Id}/start`, { body: { Detach: true } });
      },
    };
  };
}

/** The number may be another process's where this one is in a namespace of its own: its control group names the container. */
function isIn(container: string, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container);
  } catch {
    return false;
  }
}

/** It leads a session of its own. */
function sendToGroup(pid: number, signal: Signal): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, `SIG${signal}`);
      return;
    } catch {
      // There is no such group, or it has ended.
    }
  }
}
