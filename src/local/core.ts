import { join } from 'node:path';
import { admissionPlugins } from '../shared/admission/registry.ts';
import { addressRange } from '../shared/admission/serviceaddresses/range.ts';
import type { Handle } from '../shared/api/http/message.ts';
import { createApi } from '../shared/api/index.ts';
import { bearerToken, clientCertificate, firstOf, internalPeer } from '../shared/auth/authenticate.ts';
import { liveTokens, uidIn } from '../shared/auth/liveTokens.ts';
import { accountTokens, podTokens } from '../shared/auth/podTokens.ts';
import { rbacAuthorizer } from '../shared/auth/rbac/authorizer.ts';
import { policyFiller } from '../shared/auth/rbac/bootstrap/marker.ts';
import { policiesIn } from '../shared/auth/rbac/policies.ts';
import { tokenRequests } from '../shared/auth/tokenRequests.ts';
import { tokenIssuer } from '../shared/auth/tokens.ts';
import { inProcessClients } from '../shared/client/inProcess.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Environment } from '../shared/controllers/environment.ts';
import { createManager, type Manager, storageSource } from '../shared/controllers/manager/index.ts';
import { podSourcesFrom } from '../shared/controllers/pod/sources.ts';
import { controllers } from '../shared/controllers/registry.ts';
import { kinds } from '../shared/kinds/registry.ts';
import type { Logger } from '../shared/observability/logger.ts';
import { prometheusMetrics } from '../shared/observability/prometheus.ts';
import { encrypted } from '../shared/storage/decorators/encryption.ts';
import { measured } from '../shared/storage/decorators/measured.ts';
import { conversions } from '../shared/webhooks/conversion.ts';
import { httpsWebhooks } from '../shared/webhooks/https.ts';
import { claimsFromReservations } from './claimsFromReservations.ts';
import type { LocalCloud } from './cloud.ts';
import { openDescriptions } from './descriptions.ts';
import { openLmdbStorage } from './drivers/lmdb/index.ts';
import type { Pki } from './pki/index.ts';
import { signRequest } from './pki/signRequest.ts';
import type { Keys } from './sealing/keys.ts';
import { keyWrapper } from './sealing/keyWrapper.ts';
import { servicesIn } from './webhooks/index.ts';
import { openBodyParser } from './yaml/index.ts';

export interface CoreOptions {
  folder: string;
  cloud: LocalCloud;
  pki: Pki;
  /** They seal Secrets at rest. */
  keys: Keys;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Where the API listens, once it does. */
  port(): number;
}

/** Storage, API and controllers: what is the same wherever Pods run. */
export interface Core {
  handle: Handle;
  manager: Manager;
  /** Resolves when the cluster `default` stands and its controllers work. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function openCore({
  folder,
  cloud,
  pki,
  keys,
  clock,
  ids,
  log,
  port,
}: CoreOptions): Promise<Core> {
  const metrics = prometheusMetrics();
  const lmdb = await openLmdbStorage({ dir: join(folder, 'storage'), clock });
  const sealed = encrypted(lmdb, { resources: ['secrets'], wrapper: keyWrapper(keys), clock });
  const storage = measured(sealed, metrics.storage, () => performance.now());
  await claimsFromReservations(storage);
  const tokens = tokenIssuer(pki.tokenKeys, clock, ids);
  const policyIn = policiesIn(storage, clock);
  const authorizer = rbacAuthorizer(policyIn);
  const bodies = openBodyParser();
  const webhooks = httpsWebhooks({ clock, find: (...asked) => servicesIn(clients, ids)(...asked) });
  const handle = createApi({
    storage,
    kinds,
    clock,
    ids,
    log,
    metrics,
    descriptions: openDescriptions(),
    parseYaml: bodies.parseYaml,
    decodeLarge: bodies.decodeLarge,
    authenticate: firstOf(
      internalPeer,
      clientCertificate,
      bearerToken(liveTokens(tokens.verify, uidIn(storage))),
    ),
    authorizer,
    fillPolicy: (cluster) => filler.fill(cluster),
    admission: admissionPlugins({
      storage,
      clock,
      ids,
      serviceCidr: cloud.serviceCidr,
      rbac: { authorizer, policyIn },
      webhooks,
    }),
    askConversion: conversions({ webhooks, ids }),
    issueToken: tokenRequests(tokens, clock),
    tokenKeys: tokens.publicKeys,
    podLogs: (pod, container, options) => cloud.pods.logs(pod, container, options),
    podStreams: cloud.pods,
    ...(cloud.reach && { reach: cloud.reach }),
    proxyRemedy: 'Pods of this runtime are records, in which nothing runs',
    upgradeRemedy: 'Pods of this runtime are records, in which nothing runs',
  });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  const filler = policyFiller(storage, clients);
  const env: Environment = {
    refillPolicy: (cluster) => filler.refill(cluster),
    signCertificate: (wanted) => signRequest({ certificate: pki.ca, key: pki.caKey }, wanted),
    clients,
    podSources: (client, cluster, pod) =>
      podSourcesFrom(client, pod, {
        token: podTokens(tokens.issue, client, cluster, pod),
        clusterCa: () => pki.ca,
      }),
    clusterCa: () => pki.ca,
    ...(cloud.names && { clusterDnsIP: addressRange(cloud.serviceCidr).at(9) }),
    issueToken: accountTokens(tokens.issue),
    apiEndpoint: () => ({
      address: '127.0.0.1',
      port: port(),
      clusterIP: addressRange(cloud.serviceCidr).at(0),
    }),
    dropCluster: (cluster) => storage.drop(cluster),
  };
  const manager = createManager({
    controllers,
    source: storageSource(storage),
    clients,
    cloud,
    clock,
    ids,
    log,
    env,
  });
  return {
    handle,
    manager,
    start: () => manager.start(),
    stop: async () => {
      await manager.stop();
      await bodies.close();
      webhooks.close();
      await storage.close();
    },
  };
}
