import type { Container, PodSpec, SecurityContext } from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import { capabilitiesOf } from '../native/capabilities.ts';
import { effective, requireNonRoot } from '../native/users.ts';

interface Secured {
  container: Container;
  spec: PodSpec | undefined;
  /** `USER` of the image. */
  imageUser: string;
  /** For messages: `name_namespace(uid)`. */
  podName: string;
  hasLabels: boolean;
}

/** Returns who a container runs as and what it may, as an engine takes it. Throws ConfigError in kubelet's words. */
export function securityOf({ container, spec, imageUser, podName, hasLabels }: Secured): {
  user: string;
  host: Record<string, unknown>;
} {
  const own = effective(container, spec);
  requireNonRoot(own, imageUser, podName, container.name);
  const { fsGroup, supplementalGroups = [] } = spec?.securityContext ?? {};
  const groups = [...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])];
  return {
    user: userOf(own, imageUser),
    host: {
      ...(own.privileged ? { Privileged: true } : capabilities(own)),
      ...(groups.length && { GroupAdd: groups.map(String) }),
      ReadonlyRootfs: Boolean(own.readOnlyRootFilesystem),
      SecurityOpt: [
        ...(own.allowPrivilegeEscalation === false ? ['no-new-privileges'] : []),
        ...(hasLabels ? ['label=disable'] : []),
        ...profiles(own),
      ],
      ...(own.procMount === 'Unmasked' && { MaskedPaths: [], ReadonlyPaths: [] }),
    },
  };
}

function userOf({ runAsUser, runAsGroup }: SecurityContext, imageUser: string): string {
  const [user = '', group = ''] = imageUser.split(':');
  const wanted = runAsUser === undefined ? user : String(runAsUser);
  // Kubelet leaves out the image's group where it names another user.
  const wantedGroup = runAsGroup ?? (runAsUser === undefined ? group : '');
  return wantedGroup === '' ? wanted : `${wanted || '0'}:${wantedGroup}`;
}

/** Exactly those: what engines give by themselves differs. */
function capabilities(own: SecurityContext): Record<string, string[]> {
  const { add = [], drop = [] } = own.capabilities ?? {};
  const named = (list: string[]) => list.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
  try {
    const wanted = capabilitiesOf(own);
    if (named(add).includes('ALL')) return { CapAdd: ['ALL'], CapDrop: named(drop) };
    return { CapAdd: named([...wanted]), CapDrop: ['ALL'] };
  } catch (error) {
    throw new ConfigError((error as Error).message, 'CreateContainerError');
  }
}

function profiles({ seccompProfile, appArmorProfile }: SecurityContext): string[] {
  if (seccompProfile?.type === 'Localhost')
    throw new ConfigError('seccomp profiles of type Localhost are not served by this runtime');
  return [
    ...(seccompProfile?.type === 'Unconfined' ? ['seccomp=unconfined'] : []),
    ...(appArmorProfile?.type === 'Unconfined' ? ['apparmor=unconfined'] : []),
    ...(appArmorProfile?.type === 'Localhost' ? [`apparmor=${appArmorProfile.localhostProfile}`] : []),
  ];
}
