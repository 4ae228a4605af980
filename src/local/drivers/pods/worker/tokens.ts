import type { Clock } from '../../../../shared/clock/clock.ts';
import type { PodSources } from '../../../../shared/ports/cloud.ts';

/** Keeps a Pod's tokens until four fifths of their life are over, as kubelet does, so that files seldom change. */
export function cachedTokens(sources: PodSources, clock: Clock): PodSources {
  const kept = new Map<string, { token: string; until: number }>();
  return {
    configMap: (name) => sources.configMap(name),
    secret: (name) => sources.secret(name),
    services: (options) => sources.services(options),
    clusterCa: () => sources.clusterCa(),
    ...(sources.serviceAccount && { serviceAccount: sources.serviceAccount }),
    ...(sources.volume && { volume: sources.volume }),
    async token(account, options) {
      const key = JSON.stringify([account, options]);
      const known = kept.get(key);
      if (known && known.until > clock.now()) return known.token;
      const token = await sources.token(account, options);
      kept.set(key, { token, until: clock.now() + options.expirationSeconds * 800 });
      return token;
    },
  };
}
