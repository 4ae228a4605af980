import type { RepositoryCredentials } from '@aws-sdk/client-ecs';
import { secretArn, type Views } from './context.ts';

/**
 * Credentials for an image's registry, by the Pod's imagePullSecrets. ECS reads `username` and `password` from the
 * copy, which Secrets of type kubernetes.io/dockerconfigjson get beside their keys. A Secret that is not there is
 * passed over, as kubelet does.
 */
export async function repositoryCredentials(
  image: string,
  views: Views,
): Promise<RepositoryCredentials | undefined> {
  const { pod, sources } = views.own;
  const account = await sources.serviceAccount?.(pod.spec?.serviceAccountName || 'default');
  const named = [...(pod.spec?.imagePullSecrets ?? []), ...(account?.imagePullSecrets ?? [])];
  for (const { name } of named) {
    const secret = name ? await sources.secret(name) : undefined;
    const config = secret?.data?.['.dockerconfigjson'];
    if (name && config && registriesIn(config).includes(registryOf(image)))
      return { credentialsParameter: await secretArn(views, name) };
  }
  return undefined;
}

/** `ghcr.io` of `ghcr.io/a/b:v1`; Docker Hub where none is named. */
function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}

function registriesIn(config: string): string[] {
  try {
    const { auths = {} } = JSON.parse(Buffer.from(config, 'base64').toString());
    return Object.keys(auths).map((key) => {
      const host = key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
      return host === 'index.docker.io' ? 'docker.io' : host;
    });
  } catch {
    return [];
  }
}
