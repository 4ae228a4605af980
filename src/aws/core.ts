import { admissionPlugins } from '../shared/admission/registry.ts';
import { addressRange } from '../shared/admission/serviceaddresses/range.ts';
import type { ApiDeps } from '../shared/api/deps.ts';
import type { ApiRequest, Handle } from '../shared/api/http/message.ts';
import { createApi } from '../shared/api/index.ts';
import { createMeter } from '../shared/api/metrics/meter.ts';
import type { ServedApi } from '../shared/api/servedResources.ts';
import { bearerToken, firstOf, internalPeer, type TokenVerifier } from '../shared/auth/authenticate.ts';
import type { Authorizer } from '../shared/auth/authorize.ts';
import { eitherOf } from '../shared/auth/eitherOf.ts';
import { liveTokens, lookupIn } from '../shared/auth/liveTokens.ts';
import { nodeAuthorizer } from '../shared/auth/node/authorizer.ts';
import { relatedIn } from '../shared/auth/node/related.ts';
import { accountTokens, podTokens } from '../shared/auth/podTokens.ts';
import { rbacAuthorizer } from '../shared/auth/rbac/authorizer.ts';
import { policiesIn } from '../shared/auth/rbac/policies.ts';
import { rememberedTokens } from '../shared/auth/rememberedTokens.ts';
import { tokenRequests } from '../shared/auth/tokenRequests.ts';
import type { TokenRequest } from '../shared/auth/tokens.ts';
import { policyFiller } from '../shared/bootstrap/index.ts';
import type { Clients } from '../shared/client/client.ts';
import { inProcessClients, inProcessExchange, systemAccount } from '../shared/client/inProcess.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Environment } from '../shared/controllers/environment.ts';
import { podSourcesFrom } from '../shared/controllers/pod/sources.ts';
import { usualFeatures } from '../shared/kinds/features.ts';
import type { Logger } from '../shared/observability/logger.ts';
import { type Metrics, noMetrics } from '../shared/observability/metrics.ts';
import type { PodStatistics } from '../shared/ports/statistics.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { conversions } from '../shared/webhooks/conversion.ts';
import { httpsWebhooks } from '../shared/webhooks/https.ts';
import { balancersNow } from './balancers.ts';
import { bootTokenRestriction } from './bootTokens/admission.ts';
import { bootTokenAuthorizer } from './bootTokens/authorizer.ts';
import { withBootTokens } from './bootTokens/user.ts';
import { openForks } from './clusters/forks.ts';
import type { CoreConfig } from './config.ts';
import { openDynamoStorage } from './drivers/dynamodb/index.ts';
import { inOneMoment } from './drivers/dynamodb/moment.ts';
import { openPodUsage, type PodUsage } from './drivers/dynamodb/podUsage.ts';
import { usagePath } from './drivers/pods/usagePath.ts';
import type { KnownTable } from './knownFormat.ts';
import { loadBalancerGates } from './loadBalancerGates.ts';
import { looking } from './looking.ts';
import { usageEndpoint } from './podUsage/endpoint.ts';
import { publicRoots } from './publicRoots.ts';
import { seldomWritten } from './seldom.ts';
import { type StoredTokenIssuer, storedTokenIssuer } from './signingKeys/index.ts';
import { spotPlacement } from './spotPlacement.ts';
import { noServices } from './webhooks.ts';
import { nothingSleeps, withoutEffect } from './withoutEffect.ts';

export interface AwsCoreOptions {
  config: CoreConfig;
  /** The SDK's client, made by the root, which knows the format of the table. */
  dynamo: KnownTable;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Says where requests are counted; absent: nowhere. */
  metrics?: Metrics;
  /** For so long a request may go by policies, roles, webhooks and quotas as they were. Default 1,000; 0: by what is there. */
  trustedMs?: number;
  /** Wraps the storage: encryption. `signingKeys` and Secrets pass through it. */
  protect?: (storage: Storage) => Storage;
  /** Knows tokens beside those of service accounts. */
  tokens?(storage: Storage): TokenVerifier;
  /** Rights beside those of RBAC: access entries. */
  access?: Authorizer;
  /** Is what only the Lambda that serves others needs of the API. */
  api?: Pick<
    ApiDeps,
    | 'podLogs'
    | 'podLogsPatienceMs'
    | 'podSession'
    | 'podPortSession'
    | 'longestWatchMs'
    | 'watchesEndWithObject'
    | 'upgradeRemedy'
    | 'proxyRemedy'
    | 'audit'
    | 'auditTrail'
  >;
}

/** Storage and API with the clients and the environment of controllers: what every Lambda is built on. */
export interface AwsCore {
  storage: Storage;
  handle: Handle;
  /** Clients of every logical cluster, in this process, with all rights. */
  clients: Clients;
  environment: Environment;
  /** Is what Pods tell of their use; absent where nobody measures them. */
  statistics?: PodStatistics;
}

/** Addresses of Services: names in the API. Nothing listens on them. */
export const serviceCidr = '10.96.0.0/16';
const httpsPort = 443;
/** Says how long controllers may go by policies, webhooks and quotas as they were: nobody waits for their next write. */
const trustedMs = 1_000;

/** Opens nothing and asks nothing until a request comes: a cold start pays for its own request only. */
export function openAwsCore(options: AwsCoreOptions): AwsCore {
  const { config, dynamo, clock, ids, log, protect = (storage) => storage } = options;
  const { features = usualFeatures } = config;
  const trusted = options.trustedMs ?? trustedMs;
  const storage = protect(
    openDynamoStorage({
      ...{ client: dynamo, packs: dynamo.packs, table: config.table, clock, ids, seldom: seldomWritten },
    }),
  );
  const forks = openForks({ storage, clock, ids, addresses: () => addressRange(serviceCidr) });
  const seen = looking(storage);
  const issuer = storedTokenIssuer({ storage, clock, ids, log, since: config.tokensSince });
  const policyIn = policiesIn(seen, clock, trusted);
  const rbac = nodeAuthorizer(relatedIn(storage), rbacAuthorizer(policyIn));
  const authorizer = bootTokenAuthorizer(options.access ? eitherOf(options.access, rbac) : rbac);
  const usage = usageOf(options);
  const webhooks = httpsWebhooks({ clock, find: noServices });
  const api = createApi({
    storage,
    kinds: features.kinds,
    clock,
    ids,
    log,
    metrics: options.metrics ?? noMetrics,
    authenticate: firstOf(internalPeer, bearerToken(verifier(storage, issuer, options))),
    authorizer,
    beginFork: (object) => forks.begin(object),
    fillPolicy: (cluster, group) => filler.fill(cluster, group),
    admission: admissionPlugins({
      storage: seen,
      clock,
      ids,
      trustedMs: trusted,
      serviceCidr,
      hasForks: true,
      rbac: { authorizer, policyIn },
      webhooks,
      mutatingPolicies: features.mutatingAdmissionPolicy,
      further: [
        spotPlacement,
        loadBalancerGates({ storage: seen }),
        bootTokenRestriction({ storage: seen }),
        withoutEffect,
        ...(config.scalesToZero ? [] : [nothingSleeps]),
      ],
    }),
    askConversion: conversions({ webhooks, ids }),
    // Each part costs two reads of the log beside its own.
    listPart: 2_000,
    deployment: config.deployment,
    // Each is a poll of the log by itself.
    mostEventResources: 10,
    issueToken: async (wanted) => tokenRequests(await issuer.current(), clock)(wanted),
    tokenKeys: async () => (await issuer.current()).publicKeys(),
    ...(usage && {
      meter: createMeter(usage, clock),
      ownPaths: { [usagePath.slice(1)]: usageEndpoint({ storage, clock, usage }) },
    }),
    ...options.api,
  });
  const handle: ServedApi = Object.assign((request: ApiRequest) => inOneMoment(() => api(request)), {
    resources: (cluster: string) => api.resources(cluster),
  });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  const filler = policyFiller(storage, clients);
  const issue = async (request: TokenRequest) => (await issuer.current()).issue(request);
  const environment: Environment = {
    clients,
    exchangeAs: (account, cluster) => inProcessExchange(handle, clock, cluster, systemAccount(account)),
    podSources: (client, cluster, pod) =>
      podSourcesFrom(client, pod, clock, {
        token: podTokens(issue, client, cluster, pod),
        clusterCa: publicRoots,
      }),
    clusterCa: publicRoots,
    serviceCidr,
    issueToken: accountTokens(issue),
    ...(config.tokensSince !== undefined && { tokensSince: config.tokensSince }),
    // API Gateway has names, no addresses to keep.
    apiEndpoint: () => ({ port: httpsPort, clusterIP: addressRange(serviceCidr).at(0) }),
    dropCluster: (cluster) => forks.drop(cluster),
    balancersOf: balancersNow,
  };
  return { storage, handle, clients, environment, ...(usage && { statistics: usage }) };
}

/** Undefined where nobody measures Pods. */
function usageOf({
  config: { table, podMetrics },
  dynamo,
  clock,
  ids,
}: AwsCoreOptions): PodUsage | undefined {
  if (podMetrics === undefined) return undefined;
  return openPodUsage({ client: dynamo, table, clock, ids, everyMs: podMetrics * 1_000 });
}

function verifier(
  storage: Storage,
  issuer: StoredTokenIssuer,
  { tokens, clock }: AwsCoreOptions,
): TokenVerifier {
  const others = tokens?.(storage);
  const accounts = liveTokens(issuer.verify, lookupIn(storage));
  const remembered = withBootTokens(rememberedTokens(accounts, clock));
  return async (...asked) => (await others?.(...asked)) ?? remembered(...asked);
}
