import { admissionPlugins } from '../shared/admission/registry.ts';
import { addressRange } from '../shared/admission/serviceaddresses/range.ts';
import type { Handle } from '../shared/api/http/message.ts';
import { createApi } from '../shared/api/index.ts';
import { createMeter } from '../shared/api/metrics/meter.ts';
import {
  bearerToken,
  clientCertificate,
  firstOf,
  internalPeer,
  nobodyElse,
} from '../shared/auth/authenticate.ts';
import { liveTokens, uidIn } from '../shared/auth/liveTokens.ts';
import { accountTokens, podTokens } from '../shared/auth/podTokens.ts';
import { policiesIn } from '../shared/auth/rbac/policies.ts';
import { tokenRequests } from '../shared/auth/tokenRequests.ts';
import type { TokenIssuer } from '../shared/auth/tokens.ts';
import { policyFiller } from '../shared/bootstrap/index.ts';
import { inProcessClients, inProcessExchange, systemAccount } from '../shared/client/inProcess.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Controller } from '../shared/controllers/controller.ts';
import type { Environment } from '../shared/controllers/environment.ts';
import { makeNamespaces } from '../shared/controllers/logicalcluster/bootstrap.ts';
import { createManager, type Manager, storageSource } from '../shared/controllers/manager/index.ts';
import { podSourcesFrom } from '../shared/controllers/pod/sources.ts';
import type { Kind } from '../shared/kinds/kind.ts';
import type { Logger } from '../shared/observability/logger.ts';
import { prometheusMetrics } from '../shared/observability/prometheus.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { measured } from '../shared/storage/decorators/measured.ts';
import { noticed } from '../shared/storage/decorators/noticed.ts';
import { conversions } from '../shared/webhooks/conversion.ts';
import { type HttpsOptions, httpsWebhooks } from '../shared/webhooks/https.ts';
import { reachingApi } from './apiFromPods.ts';
import type { Audit } from './audit/index.ts';
import { type AuthorizationMode, authorizerOf } from './authorizer.ts';
import type { LocalCloud } from './cloud.ts';
import { openClusters } from './clusters/index.ts';
import { openDescriptions } from './descriptions.ts';
import { openHttpReach } from './drivers/reach/index.ts';
import { counting } from './flowcontrol/held.ts';
import { openFlowControl } from './flowcontrol/index.ts';
import { storedConfiguration } from './flowcontrol/stored.ts';
import { otherServers } from './otherServers.ts';
import type { Pki } from './pki/index.ts';
import { serviceRanges } from './serviceRanges.ts';
import { takeTurns } from './turns.ts';
import { servicesIn } from './webhooks/index.ts';
import { openBodyParser } from './yaml/index.ts';

const nothingRuns = 'Pods of this runtime are records, in which nothing runs';

export interface CoreOptions {
  /** The core closes it. */
  storage: Storage;
  cloud: Omit<LocalCloud, 'explanation' | 'close'>;
  /** Range of node ports; 30000-32767 when it is absent. */
  nodePorts?: { first: number; last: number };
  // biome-ignore lint/suspicious/noExplicitAny: kinds of every object type stand in one list
  kinds: readonly Kind<any>[];
  controllers: Controller[];
  /** Issues and checks tokens of service accounts. */
  tokens: TokenIssuer;
  /** PEM of the authority that clients check the API's certificate by. */
  clusterCa: string;
  /** Signs what CertificateSigningRequests ask for. Absent where the authority is not ours. */
  signCertificate?: Environment['signCertificate'];
  /** Who decides; absent: nodes by their Pods, and RBAC, as kubeadm has it. */
  authorization?: readonly AuthorizationMode[];
  /** Who shows no credentials is refused, whatever is asked for. */
  refuseAnonymous?: boolean;
  /** Says whether MutatingAdmissionPolicies change requests; they do not when it is absent. */
  mutatingPolicies?: boolean;
  /** Returns whether an admission plugin takes part; all do when it is absent. */
  admits?(plugin: string): boolean;
  /** Is what this server shows to API servers of others, and the authority that they know it by. Absent: nothing. */
  frontProxy?: Pki['frontProxy'];
  /** PEM of the authority of clients' certificates, of which they are told too. Absent: they are not told. */
  clientCa?: string;
  /** Keeps account of requests. Absent: none is kept. */
  audit?: Pick<Audit, 'trail' | 'figures'>;
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Returns where the API listens, once it does. */
  port(): number;
  /** The address that it says it listens at; 127.0.0.1 when it is absent. */
  address?: string;
}

/** Storage, API and controllers: what is the same wherever Pods run. */
export interface Core {
  handle: Handle;
  manager: Manager;
  /** Resolves when the cluster `default` stands and its controllers work. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function openCore(options: CoreOptions): Core {
  const {
    cloud,
    kinds,
    controllers,
    tokens,
    clusterCa,
    nodePorts,
    frontProxy,
    clientCa,
    audit,
    clock,
    ids,
    log,
    port,
  } = options;
  const { serviceCidr } = cloud;
  const metrics = prometheusMetrics();
  const uncounted = measured(options.storage, metrics.storage, () => performance.now());
  const { storage: quietly, heldOf } = counting(uncounted);
  const storage = noticed(quietly, (...write) => manager.noticed(...write));
  const flowControl = openFlowControl({
    configuration: storedConfiguration(storage),
    clock,
    now: () => performance.now(),
    heldOf,
    waited: metrics.waited,
  });
  metrics.gather([...flowControl.figures, ...(audit?.figures ?? [])]);
  const policyIn = policiesIn(storage, clock);
  const authorizer = authorizerOf(options.authorization ?? ['Node', 'RBAC'], storage, policyIn);
  const bodies = openBodyParser();
  const find: HttpsOptions['find'] = (...asked) => servicesIn(clients, ids)(...asked);
  const webhooks = httpsWebhooks({ clock, find });
  const others = otherServers(openHttpReach({ isOwnLoopback: () => true }), find, frontProxy);
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
    turn: takeTurns(),
    authenticate: firstOf(
      internalPeer,
      clientCertificate,
      bearerToken(liveTokens(tokens.verify, uidIn(storage))),
      ...(options.refuseAnonymous ? [nobodyElse] : []),
    ),
    authorizer,
    fillCluster: (cluster) => clusters.fill(cluster),
    fillPolicy: (cluster, group) => filler.fill(cluster, group),
    fillServices: (cluster) => clusters.fillServices(cluster),
    admission: admissionPlugins({
      storage,
      clock,
      ids,
      serviceCidr,
      hasForks: true,
      addressesIn: serviceRanges(storage, serviceCidr),
      ...(nodePorts && { nodePorts }),
      rbac: { authorizer, policyIn },
      webhooks,
      mutatingPolicies: options.mutatingPolicies ?? false,
    }).filter(({ name }) => options.admits?.(name) ?? true),
    askConversion: conversions({ webhooks, ids }),
    issueToken: tokenRequests(tokens, clock),
    tokenKeys: tokens.publicKeys,
    tokenIssuer: tokens.name,
    podLogs: (pod, container, options) => cloud.pods.logs(pod, container, options),
    podStreams: cloud.pods,
    ...(cloud.statistics && { meter: createMeter(cloud.statistics, clock) }),
    ...(cloud.reach && { reach: cloud.reach }),
    otherServers: others,
    flowControl,
    ...(audit && { auditTrail: audit.trail }),
    proxyRemedy: nothingRuns,
    upgradeRemedy: nothingRuns,
  });
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid));
  const filler = policyFiller(storage, clients);
  const clusters = openClusters({
    storage: quietly,
    clients,
    filler,
    clock,
    ids,
    env: () => env,
    manager: () => manager,
    facts: [clusterCa, clientCa ?? '', frontProxy?.ca ?? '', serviceCidr, JSON.stringify(cloud.pods.nodes())],
  });
  const address = options.address ?? '127.0.0.1';
  const env: Environment = {
    refillPolicy: (cluster) => filler.refill(cluster),
    fillCluster: (cluster) => clusters.fill(cluster),
    rests: (cluster) => !manager.isAwake(cluster),
    ...(options.signCertificate && { signCertificate: options.signCertificate }),
    clients,
    exchangeAs: (account, cluster) => inProcessExchange(handle, clock, cluster, systemAccount(account)),
    podSources: (client, cluster, pod) =>
      reachingApi(
        podSourcesFrom(client, pod, {
          token: podTokens(tokens.issue, client, cluster, pod),
          clusterCa: () => clusterCa,
        }),
        cloud.lowestPort ?? 1,
        { address, port: port() },
      ),
    clusterCa: () => clusterCa,
    serviceCidr,
    ...(cloud.names && { clusterDnsIP: addressRange(serviceCidr).at(9) }),
    issueToken: accountTokens(tokens.issue),
    otherServers: others,
    ...(clientCa && { clientCa: () => clientCa }),
    ...(frontProxy && { frontProxyCa: () => frontProxy.ca }),
    apiEndpoint: () => ({
      address,
      port: port(),
      clusterIP: addressRange(serviceCidr).at(0),
    }),
    dropCluster: (cluster) => storage.drop(cluster),
  };
  const manager = createManager({
    controllers,
    source: storageSource(storage),
    ...{ clients, cloud, clock, ids, log, env },
    rest: { storage: uncounted },
  });
  return {
    handle,
    manager,
    async start() {
      // Whoever is told that it is ready may name them at once.
      await makeNamespaces(clients('default'));
      await manager.start();
    },
    stop: async () => {
      flowControl.close();
      await manager.stop();
      await bodies.close();
      webhooks.close();
      await storage.close();
    },
  };
}
