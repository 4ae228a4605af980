import type { APIService } from '../shared/kinds/schema/types.ts';
import type { OtherServers } from '../shared/ports/otherServers.ts';
import type { Reach } from '../shared/ports/reach.ts';
import type { HttpsOptions } from '../shared/webhooks/https.ts';
import type { Pair } from './pki/index.ts';

/** API servers of others, found by the endpoints of their Services; the front proxy's certificate says who asks. */
export const otherServers = (
  reach: Pick<Reach, 'send'>,
  find: HttpsOptions['find'],
  client: Pair | undefined,
): OtherServers => ({
  async send(cluster, { spec }: APIService, request) {
    const { namespace = '', name = '', port = 443 } = spec?.service ?? {};
    const { host, port: number } = await find(cluster, { namespace, name, port });
    return reach.send({
      ...request,
      tls: true,
      address: host,
      port: number,
      trust: {
        serverName: `${name}.${namespace}.svc`,
        isInsecure: spec?.insecureSkipTLSVerify ?? false,
        ...(spec?.caBundle && { ca: Buffer.from(spec.caBundle, 'base64').toString() }),
        ...(client && { client }),
      },
    });
  },
});
