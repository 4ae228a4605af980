import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../../shared/clock/clock.ts';
import { startApart } from '../../inherited/startApart.ts';
import { nextLookMs } from '../nextLook.ts';
import { readControlFile } from '../process/controlFile.ts';
import { isAlive, type ProcessId, startTimeIn } from '../process/identity.ts';
import { StartError } from '../sandbox.ts';
import { userNamespaceOf } from './apart.ts';
import { type Namespaces, ownsTools, pauseCommand } from './commandLines.ts';
import type { Support } from './support.ts';

/** Waits, and takes leave of whatever the Pod's containers leave behind. */
const waiting = `trap 'exit 0' TERM INT
while :; do sleep 2147483 & wait; done`;

/**
 * Writes its own number on this machine, and waits where the Pod's containers, who see it, see nothing else by it. Arguments:
 * the folder, and the command that enters that place.
 */
const script = `read -r s </proc/self/stat
echo "\${s%% *} - \${s##*) }" >"$0/main.new" && mv "$0/main.new" "$0/main"
exec "$@" sh -c "${waiting}"`;

const startMs = 5000;

export interface PauseOptions {
  /** The Pod's folder. */
  folder: string;
  /** The variable by which processes of a folder are known, and what else the process is to have. */
  env: Record<string, string>;
  /** The name of that variable. */
  mark: string;
  support: Support;
  clock: Clock;
  /** Says where the tools are that the Pod's containers may see. */
  toolsRoot: string;
  /** As in PodAddress. */
  joinedUser?: Namespaces['user'];
  /** The command line by which the process joins a control group. */
  joined(command: string[]): string[];
}

/**
 * The first process of the process namespace that a Pod's containers share, started if it is not there. Its parent
 * does not matter: ending the Pod ends it with everything else in the Pod's folder.
 */
export async function pauseOf({
  folder,
  env,
  mark,
  support,
  clock,
  joined,
  joinedUser,
  toolsRoot,
}: PauseOptions): Promise<ProcessId> {
  const place = join(folder, '.pause', '0');
  const known = idIn(place);
  if (known && isAlive(known)) return known;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const namespace = userNamespaceOf(joinedUser, support, !support.ownProc);
  const { tools } = support;
  const entered = ownsTools(namespace) ? toolsRoot : undefined;
  const entering = entered === undefined ? [] : [tools.nsenter, `--root=${entered}`, '--'];
  const command = joined(
    pauseCommand(tools, namespace.joined ? undefined : namespace.user, script, [place, ...entering], entered),
  );
  const child = startApart(command, ['ignore', 'ignore', 'ignore'], {
    env: { ...env, [mark]: place },
    cwd: '/',
  });
  child.unref();
  child.once('error', () => {});
  const began = clock.now();
  for (let waited = 0; waited < startMs; waited = clock.now() - began) {
    await clock.sleep(nextLookMs(waited));
    const id = idIn(place);
    if (id && isAlive(id)) return id;
  }
  throw new StartError('the process namespace that its containers share could not be made');
}

function idIn(place: string): ProcessId | undefined {
  const [pid, , ...fields] = readControlFile(join(place, 'main'))?.text.split(' ') ?? [];
  const startTime = startTimeIn(fields.join(' '));
  return pid && startTime ? { pid: Number(pid), startTime } : undefined;
}
