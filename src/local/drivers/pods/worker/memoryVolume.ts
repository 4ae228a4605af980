import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Container, Pod, Quantity, Volume } from '../../../../shared/kinds/schema/types.ts';
import { parseQuantity } from '../../../../shared/meta/quantity.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';

/**
 * Returns how many bytes an emptyDir in memory may hold, as kubelet reckons: no more than the Node's Pods may use together,
 * than the memory limit of its Pod where all of it is limited, and than its own limit. Undefined where nothing limits it.
 */
export function memorySize(
  { emptyDir }: Volume,
  pod: Pod,
  allocatable: Record<string, string>,
): number | undefined {
  const own = bytesOf(emptyDir?.sizeLimit);
  const limits = [bytesOf(allocatable.memory), limitOfPod(pod), own].filter(
    (each): each is number => each !== undefined && each > 0,
  );
  return limits.length ? Math.min(...limits) : undefined;
}

/** Returns what all of a Pod may use, in bytes; undefined where one of its containers has no limit. */
function limitOfPod({ spec }: Pod): number | undefined {
  const overhead = bytesOf(spec?.overhead?.memory) ?? 0;
  const own = bytesOf(spec?.resources?.limits?.memory);
  if (own !== undefined) return own + overhead;
  const { containers = [], initContainers = [] } = spec ?? {};
  if (![...containers, ...initContainers].every((each) => limitOf(each) > 0)) return undefined;
  let sidecars = 0;
  let beginning = 0;
  for (const each of initContainers) {
    beginning = Math.max(beginning, sidecars + limitOf(each));
    if (isSidecar(each, true)) sidecars += limitOf(each);
  }
  const together = containers.reduce((sum, each) => sum + limitOf(each), sidecars);
  return Math.max(together, beginning) + overhead;
}

const limitOf = ({ resources }: Container): number => bytesOf(resources?.limits?.memory) ?? 0;

const bytesOf = (quantity: Quantity | undefined): number | undefined =>
  quantity === undefined ? undefined : Number((parseQuantity(quantity) ?? 0n) / 1_000_000_000n);

const run = promisify(execFile);

/**
 * Gives an empty folder a file system of its own in memory, which holds `bytes` and no more, unless it has one. Leaves the folder as it is
 * where this process may not mount anything: then what is too large is found by looking.
 */
export async function mountMemory(folder: string, bytes: number | undefined): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const options = bytes === undefined ? [] : ['-o', `size=${bytes}`];
  const place = realpathSync(folder);
  if (statSync(place).dev !== statSync(dirname(place)).dev) return;
  await run('mount', ['-n', '-t', 'tmpfs', ...options, sourceAt(place), place]).catch(() => {});
}

/**
 * Returns what the file system mounted at a place of ours is called, by which it is told from whatever a container mounts
 * there, other volumes of ours among it. Of a longer name df makes a line of its own in small images.
 */
const sourceAt = (place: string): string =>
  `shallop-${createHash('sha256').update(place).digest('hex').slice(0, 10)}`;

/**
 * Takes away what is mounted below `folder`, so that removing it removes nothing else: a privileged container may have
 * mounted there what it likes. The files of what mountMemory() mounted at folders in it go before, since other mount
 * namespaces may hold on to their memory. Throws when something cannot be taken away.
 */
export function unmountBelow(folder: string): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const home = realFolder(folder);
  const mounts = home === undefined ? [] : mountsBelow(home);
  for (const { place, type, source } of mounts.reverse()) {
    if (type === 'tmpfs' && dirname(place) === home && source === sourceAt(place))
      for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true, force: true });
    execFileSync('umount', ['-n', '-l', place], { stdio: 'ignore' });
  }
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

/** In the order in which they were mounted. */
const mountsBelow = (folder: string): { place: string; type: string; source: string }[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => {
      const [, type = '', source = ''] = / - (\S+) (\S+)/.exec(line) ?? [];
      return { place: unescaped(line.split(' ')[4] ?? ''), type, source };
    })
    .filter(({ place }) => place.startsWith(`${folder}/`));

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
