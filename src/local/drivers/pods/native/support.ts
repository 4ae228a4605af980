import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Tools } from './commandLines.ts';
import { removeTree } from './removeTree.ts';

/** Describes what this machine lets containers have, found out once by trying. */
export interface Support {
  tools: Tools;
  /** A user namespace is needed, since the control plane is not root. */
  user?: 'one' | 'all';
  layering: 'overlay' | 'userxattr' | 'copy';
  ownProc: boolean;
  /** Is what containers go without, each with its cure, for the start-up lines. */
  missing: string[];
}

/** Containers cannot be shut in here; the message says which feature is missing, and its cure. */
export class Unsupported extends Error {}

const places = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Tries on this machine what containers need; `folder` is one on the disk where their files will stand. Throws
 * Unsupported.
 */
export async function findSupport(folder: string, path: string, isRoot: boolean): Promise<Support> {
  if (process.platform !== 'linux') throw new Unsupported('namespaces exist on Linux only');
  const find = (name: string) => toolIn(name, path);
  const tools: Tools = {
    unshare: need(find, 'unshare'),
    nsenter: need(find, 'nsenter'),
    setpriv: need(find, 'setpriv'),
    env: need(find, 'env'),
  };
  need(find, 'mount');
  const all = find('newuidmap') && find('newgidmap');
  const users = isRoot ? [undefined] : all ? (['all', 'one'] as const) : (['one'] as const);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const why: string[] = [];
  const trial = join(folder, '.try');
  for (const user of users) {
    // A start that was killed left its own.
    await removeTree(trial);
    try {
      const found = await tryOut(tools, trial, user).catch((error: Error) => void why.push(error.message));
      if (found) return { tools, ...(user && { user }), ...found, missing: lacking(user, found) };
    } finally {
      await removeTree(trial);
    }
  }
  throw new Unsupported(`${why.at(-1)}${isRoot ? '' : `; ${userCure()}`}`);
}

function userCure(): string {
  if (readable('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'))
    return 'as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run shallop as root';
  if (readable('/proc/sys/kernel/unprivileged_userns_clone'))
    return 'as root: sysctl -w kernel.unprivileged_userns_clone=1, or run shallop as root';
  return 'as root: sysctl -w user.max_user_namespaces=15000, or run shallop as root';
}

type Found = Pick<Support, 'layering' | 'ownProc'>;

function lacking(user: Support['user'], { layering, ownProc }: Found): string[] {
  return [
    ...(user === 'one' ? ['one user only in each container (install the package uidmap for more)'] : []),
    ...(layering === 'copy'
      ? ['images are copied for each container, as the kernel has no overlay here']
      : []),
    ...(ownProc ? [] : ["the machine's /proc, as the kernel lets none be mounted here"]),
  ];
}

/** Makes namespaces as a container has them, and tells by single words what works in them. */
async function tryOut(tools: Tools, trial: string, user: Support['user']): Promise<Found> {
  for (const name of ['image/proc', 'upper', 'work', 'root'])
    mkdirSync(join(trial, name), { recursive: true });
  const userxattr = user ? ',userxattr' : '';
  const script = `cd "$0" || exit 1
if mount -n -t overlay overlay -o lowerdir=image,upperdir=upper,workdir=work${userxattr} root; then echo overlay; else mount -n --bind image root || exit 1; fi
mount -n -t proc proc root/proc && echo proc
cd root && mount -n --move . / || exit 1
echo done`;
  const said = await output(tools.unshare, [
    ...(user ? ['--user', '--map-root-user'] : []),
    ...(user === 'all' ? ['--map-auto'] : []),
    ...['--mount', '--propagation', 'slave', '--uts', '--ipc', '--pid', '--fork', '--kill-child'],
    ...['sh', '-c', script, trial],
  ]);
  if (!said.stdout.includes('done'))
    throw new Error(said.stderr.trim().split('\n').at(-1) || 'unshare failed');
  const overlay = user ? 'userxattr' : 'overlay';
  return {
    layering: said.stdout.includes('overlay') ? overlay : 'copy',
    ownProc: said.stdout.includes('proc'),
  };
}

const output = (program: string, args: string[]) =>
  new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(program, args, { encoding: 'utf8', timeout: 20_000 }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });

function need(find: (name: string) => string | undefined, name: string): string {
  const found = find(name);
  if (!found) throw new Unsupported(`the program \`${name}\` is missing; install the package util-linux`);
  return found;
}

const toolIn = (name: string, path: string): string | undefined =>
  [...path.split(delimiter), ...places]
    .filter((each) => each.startsWith('/'))
    .map((each) => join(each, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });

function readable(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}
