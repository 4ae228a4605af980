import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';

/** `uid:gid` for ECS; undefined leaves it to the image. Throws ConfigError in kubelet's words where runAsNonRoot forbids root. */
export function userOf(container: Container, pod: Pod): string | undefined {
  const [user, group] = [wanted(container, pod, 'runAsUser'), wanted(container, pod, 'runAsGroup')];
  if (user === 0 && mustNotBeRoot(container, pod)) {
    const { name, namespace, uid } = pod.metadata;
    const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`;
    throw new ConfigError(`container's runAsUser breaks non-root policy ${where}`);
  }
  if (user === undefined && group === undefined) return undefined;
  return group === undefined ? String(user) : `${user ?? 0}:${group}`;
}

/**
 * Returns whether only the image says who the container runs as, though it must not be root: ECS tells nobody before.
 */
export const isUserUnknown = (container: Container, pod: Pod): boolean =>
  mustNotBeRoot(container, pod) && wanted(container, pod, 'runAsUser') === undefined;

const mustNotBeRoot = ({ securityContext }: Container, { spec }: Pod): boolean =>
  securityContext?.runAsNonRoot ?? spec?.securityContext?.runAsNonRoot ?? false;

const wanted = ({ securityContext }: Container, { spec }: Pod, field: 'runAsUser' | 'runAsGroup') =>
  securityContext?.[field] ?? spec?.securityContext?.[field];
