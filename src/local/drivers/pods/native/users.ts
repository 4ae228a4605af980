import { readFileSync } from 'node:fs';
import type {
  Container,
  PodSecurityContext,
  PodSpec,
  SecurityContext,
} from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { resolveIn, type View } from './containerPath.ts';

/** Describes who a container's program runs as. */
export interface Identity {
  uid: number;
  gid: number;
  /** Supplementary ones. */
  groups: number[];
  /** The home folder that the image gives this user. */
  home: string;
}

interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
}

interface Wanted {
  /** `USER` of the image: `name`, `uid`, `name:group`, `uid:gid`. */
  imageUser: string;
  container: Container;
  spec: PodSpec | undefined;
  /** For messages: `name_namespace(uid)`. */
  podName: string;
}

/**
 * The user and groups of a container, of its own security context, its Pod's, or its image's USER, with the image's
 * /etc/passwd and /etc/group for names. Throws ConfigError in kubelet's words where runAsNonRoot forbids it.
 */
export function identityIn(view: View, { imageUser, container, spec, podName }: Wanted): Identity {
  const own = effective(container, spec);
  const users = lines(view, '/etc/passwd').map(asUser);
  const groups = lines(view, '/etc/group').map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(','),
  }));
  const [userPart = '', groupPart = ''] = imageUser.split(':');
  const name = own.runAsUser === undefined ? userPart || '0' : String(own.runAsUser);
  const user = users.find((each) => each.name === name) ?? users.find((each) => String(each.uid) === name);
  const uid = user?.uid ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  requireNonRoot(own, imageUser, podName, container.name);
  if (uid === undefined)
    throw new ConfigError(
      `unable to find user ${name}: no matching entries in passwd file`,
      'CreateContainerError',
    );
  const named = groups.find((each) => each.name === groupPart)?.gid;
  const imageGroup = own.runAsUser === undefined && groupPart ? (named ?? Number(groupPart)) : undefined;
  const gid = own.runAsGroup ?? imageGroup ?? user?.gid ?? 0;
  if (!Number.isInteger(gid))
    throw new ConfigError(
      `unable to find group ${groupPart}: no matching entries in group file`,
      'CreateContainerError',
    );
  const strict = spec?.securityContext?.supplementalGroupsPolicy === 'Strict';
  const ofImage = strict ? [] : groups.filter(({ members }) => user && members.includes(user.name));
  const { fsGroup, supplementalGroups = [] } = spec?.securityContext ?? {};
  const more = [
    ...ofImage.map((each) => each.gid),
    ...supplementalGroups,
    ...(fsGroup === undefined ? [] : [fsGroup]),
  ];
  return { uid, gid, groups: [...new Set([gid, ...more])], home: user?.home || '/' };
}

/** Throws ConfigError in kubelet's words where runAsNonRoot forbids the user, known by its number alone. */
export function requireNonRoot(
  { runAsNonRoot, runAsUser }: Pick<SecurityContext, 'runAsNonRoot' | 'runAsUser'>,
  imageUser: string,
  podName: string,
  container: string,
): void {
  if (!runAsNonRoot) return;
  const where = `(pod: "${podName}", container: ${container})`;
  if (runAsUser === 0) throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (runAsUser !== undefined) return;
  const [user = ''] = imageUser.split(':');
  if (!/^\d*$/.test(user))
    throw new ConfigError(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`,
    );
  if (Number(user) === 0)
    throw new ConfigError(`container has runAsNonRoot and image will run as root ${where}`);
}

/** A container's security context with what its Pod says where it says nothing. */
export const effective = (
  container: Container,
  spec: PodSpec | undefined,
): SecurityContext & PodSecurityContext => ({
  ...spec?.securityContext,
  ...defined(container.securityContext),
});

const defined = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined)) as Partial<T>;

const asUser = ([name = '', , uid, gid, , home = '']: string[]): User => ({
  name,
  uid: Number(uid),
  gid: Number(gid),
  home,
});

/** The image is a stranger's: what is no small file is no list of users. */
function lines(view: View, path: string): string[][] {
  const { stat, host } = resolveIn(view, path);
  if (!stat?.isFile() || stat.size > 1 << 20) return [];
  return readFileSync(host, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(':'));
}
