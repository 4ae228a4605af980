import type { Container, Pod, Volume } from '../../../shared/kinds/schema/types.ts';
import { ConfigError, type PodContext } from '../../../shared/podspec/context.ts';
import { tokensName } from '../../../shared/ports/accountTokens.ts';
import type { PodRef, TokenVault } from '../../../shared/ports/cloud.ts';
import { usagePath } from './usagePath.ts';

/** Host by which the Pod reaches the API. It stands for one cluster, since in-cluster clients know of no path. */
export const apiHostOf = ({ cluster }: PodRef, { apiHost }: { apiHost?: string }): string | undefined =>
  cluster === 'default' ? apiHost : undefined;

/** The volume that every Pod gets for its API token. */
export const isApiVolume = ({ name }: { name: string }): boolean => name.startsWith('kube-api-access-');

/** The Pod without that volume: without an API to reach a token is of no use, and a client says so at once. */
export function withoutApiVolume(pod: Pod): Pod {
  const { spec } = pod;
  if (!spec) return pod;
  const without = (container: Container): Container => ({
    ...container,
    ...(container.volumeMounts && { volumeMounts: container.volumeMounts.filter((m) => !isApiVolume(m)) }),
  });
  return {
    ...pod,
    spec: {
      ...spec,
      ...(spec.volumes && { volumes: spec.volumes.filter((volume) => !isApiVolume(volume)) }),
      ...(spec.initContainers && { initContainers: spec.initContainers.map(without) }),
      containers: spec.containers.map(without),
    },
  };
}

export const hasToken = ({ projected }: Volume): boolean =>
  Boolean(projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken));

/**
 * Finds the boot token of the Pod's account: what a container's secret takes for `valueFrom`. Throws ConfigError while
 * there is none.
 */
export const bootTokenOf =
  ({ ref, pod, sources }: PodContext, vault: TokenVault | undefined) =>
  async (): Promise<string> => {
    const { cluster, namespace } = ref;
    const name = accountOf(pod);
    const account = await sources.serviceAccount?.(name);
    if (!account) throw notYet(`serviceaccount "${name}" not found`);
    const entry = { cluster, namespace, name: tokensName(name), uid: account.metadata.uid ?? '' };
    const found = await vault?.find(entry);
    if (!found) throw notYet(`a token of serviceaccount "${name}" is not in Secrets Manager yet`);
    return found.valueFrom;
  };

/** Returns where tokens of the Pod's account are asked for at an API with this host. */
export const tokenUrl = (host: string, { ref, pod }: PodContext): string =>
  `https://${host}/api/v1/namespaces/${ref.namespace}/serviceaccounts/${accountOf(pod)}/token`;

/** Returns where Pods tell an API with this host what they use. */
export const usageUrl = (host: string): string => `https://${host}${usagePath}`;

const accountOf = ({ spec }: Pod): string => spec?.serviceAccountName || 'default';

const notYet = (message: string) => new ConfigError(message, 'ContainerCreating');
