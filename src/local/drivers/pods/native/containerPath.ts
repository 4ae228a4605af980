import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';

/** A container's files as they will be: its image's root file system, and what is mounted over it so far. */
export interface View {
  /** The folder that the container's `/` shows. */
  root: string;
  /** Places, free of links, that show something else; the longest that fits decides. */
  mounts: { target: string; source: string }[];
}

export interface Place {
  /** The container's path, free of links. */
  path: string;
  /** Says where that stands on this machine. */
  host: string;
  /** Is what is there; undefined when nothing is. */
  stat: Stats | undefined;
  /** Says whether it is part of the image and not of a mount. */
  inRoot: boolean;
}

const maxLinks = 40;

/**
 * Follows a container's path as the container itself would: links, absolute ones too, and `..` stay inside its root.
 * Never lets the system follow a link, which would lead out onto this machine. Throws on a circle of links.
 */
export function resolveIn(view: View, path: string, { followLast = true } = {}): Place {
  const left = path.split('/');
  let at: Place = placeAt(view, '/');
  for (let links = 0; left.length; ) {
    const name = left.shift()!;
    if (!name || name === '.') continue;
    const next = placeAt(view, name === '..' ? posix.dirname(at.path) : posix.join(at.path, name));
    const isLast = !left.some((each) => each && each !== '.');
    if (!next.stat?.isSymbolicLink() || (isLast && !followLast)) {
      at = next;
      continue;
    }
    if (++links > maxLinks) throw new Error(`too many levels of symbolic links in ${path}`);
    const to = readlinkSync(next.host);
    if (to.startsWith('/')) at = placeAt(view, '/');
    left.unshift(...to.split('/'));
  }
  return at;
}

function placeAt({ root, mounts }: View, path: string): Place {
  const over = mounts
    .filter(({ target }) => path === target || path.startsWith(target === '/' ? '/' : `${target}/`))
    .reduce<View['mounts'][number] | undefined>(
      (best, each) => (best && best.target.length > each.target.length ? best : each),
      undefined,
    );
  const host = over ? join(over.source, path.slice(over.target.length)) : join(root, path);
  return { path, host, stat: statOf(host), inRoot: !over };
}

const join = (base: string, rest: string) => (rest && rest !== '/' ? posix.join(base, rest) : base);

function statOf(host: string): Stats | undefined {
  try {
    return lstatSync(host);
  } catch {
    // Not there, below a file, or not ours to see: for the container's start that is the same.
    return undefined;
  }
}
