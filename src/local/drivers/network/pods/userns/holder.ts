import { spawn } from 'node:child_process';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../../../shared/clock/clock.ts';
import { readControlFile } from '../../../pods/process/controlFile.ts';
import { bootId, isAlive, type ProcessId, sendSignal, startTimeIn } from '../../../pods/process/identity.ts';
import { runEnvironment } from '../../../pods/process/runFolder.ts';
import { createStrayHunter } from '../../../pods/process/strays.ts';

/** A process that keeps the user namespace and the network of an instance's Pods, whichever control plane runs. */
export interface Holder {
  id: ProcessId;
  /** Says how many users its namespace has. */
  user: 'one' | 'all';
}

const startMs = 10_000;

/**
 * Makes /run its own, for the names of network namespaces, and waits. It ends by itself when its folder is gone. The
 * file `holder` says that it is ready, `failed` why not.
 */
const script = `cd "$0" || exit 1
exec 2>failed
export PATH="$PATH:/usr/sbin:/sbin"
if [ ! -d /run/netns ]; then
  mkdir -p run && mount -n --rbind /run run && mount -n -t tmpfs -o mode=755 run /run || exit 1
  for each in "$0"/run/*; do ln -s "$each" /run/ || exit 1; done
  mkdir /run/netns || exit 1
fi
mount -n -t tmpfs -o mode=755 netns /run/netns || exit 1
ip link set lo up || exit 1
echo 1 >/proc/sys/net/ipv4/ip_forward || exit 1
read -r s </proc/self/stat
read -r b </proc/sys/kernel/random/boot_id
echo "\${s%% *} $1 $b \${s##*) }" >holder.new && mv holder.new holder || exit 1
exec 2>/dev/null
while [ -e "$0/holder" ]; do sleep 20; done`;

export interface HolderOptions {
  user: Holder['user'];
  clock: Clock;
  /** Holds the folders of Pods' runs, by which their processes are known. */
  runs?: string | undefined;
}

/**
 * Finds the holder of a folder, or starts it. What Pods run in the network of one that was killed can be reached by nobody
 * any more: it is ended, for Pods to start it anew. Throws with the reason where this machine allows none.
 */
export async function openHolder(
  folder: string,
  { user, clock, runs }: HolderOptions,
): Promise<Holder & { isNew: boolean }> {
  const known = noted(folder);
  if (known && isAlive(known.id)) return { ...known, isNew: false };
  const hunt = createStrayHunter();
  await hunt(folder);
  // Runs are known by where their folder really is.
  if (known && runs) await hunt(await realpath(runs).catch(() => runs));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of ['holder', 'failed']) await rm(join(folder, name), { force: true });
  const namespaces = ['--user', '--map-root-user', ...(user === 'all' ? ['--map-auto'] : []), '--net'];
  const child = spawn(
    'unshare',
    [...namespaces, '--mount', '--propagation', 'slave', 'sh', '-c', script, folder, user],
    {
      env: { PATH: process.env.PATH ?? '', [runEnvironment]: folder },
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-1000);
  });
  let hasEnded = false;
  child.once('error', (error) => {
    complaint = error.message;
    hasEnded = true;
  });
  child.once('exit', () => {
    hasEnded = true;
  });
  try {
    for (const until = clock.now() + startMs; clock.now() < until && !hasEnded; await clock.sleep(2)) {
      const found = noted(folder);
      if (found) return { ...found, isNew: true };
    }
  } finally {
    child.unref();
    child.stderr.destroy();
  }
  if (child.pid) sendSignal(-child.pid, 'SIGKILL');
  const said = readControlFile(join(folder, 'failed'))?.text || complaint.trim();
  throw new Error(said.split('\n').at(-1) || 'it did not start in time');
}

/** Ends it, and with it the network, of which no Pod has a part any more. */
export async function endHolder(folder: string, { id }: Holder): Promise<void> {
  if (isAlive(id)) sendSignal(-id.pid, 'SIGKILL');
  await rm(join(folder, 'holder'), { force: true });
}

/** Is the one that was started last since this machine was. */
function noted(folder: string): Holder | undefined {
  const [pid, user, boot, ...fields] = readControlFile(join(folder, 'holder'))?.text.split(' ') ?? [];
  const startTime = startTimeIn(fields.join(' '));
  if (!pid || !startTime || boot !== bootId || (user !== 'one' && user !== 'all')) return undefined;
  return { id: { pid: Number(pid), startTime }, user };
}
