import { admissionPlugins } from '../shared/admission/registry.ts';
import { addressRange } from '../shared/admission/serviceaddresses/range.ts';
import type { ApiDeps } from '../shared/api/deps.ts';
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
import { knownOr, liveTokens, lookupIn } from '../shared/auth/liveTokens.ts';
import { accountTokens, podTokens } from '../shared/auth/podTokens.ts';
import { policiesIn } from '../shared/auth/rbac/policies.ts';
import { tokenRequests } from '../shared/auth/tokenRequests.ts';
import { policyFiller } from '../shared/bootstrap/index.ts';
import { inProcessClients, inProcessExchange, systemAccount } from '../shared/client/inProcess.ts';
import type { Environment } from '../shared/controllers/environment.ts';
import { makeNamespaces } from '../shared/controllers/logicalcluster/bootstrap.ts';
import { createManager, type Manager, storageSource } from '../shared/controllers/manager/index.ts';
import { podSourcesFrom } from '../shared/controllers/pod/sources.ts';
import { prometheusMetrics } from '../shared/observability/prometheus.ts';
import { measured } from '../shared/storage/decorators/measured.ts';
import { noticed } from '../shared/storage/decorators/noticed.ts';
import { conversions } from '../shared/webhooks/conversion.ts';
import { type HttpsOptions, httpsWebhooks } from '../shared/webhooks/https.ts';
import { reachingApi } from './apiFromPods.ts';
import { authorizerOf } from './authorizer.ts';
import { openClusters } from './clusters/index.ts';
import type { CoreOptions } from './coreOptions.ts';
import { openDescriptions } from './descriptions.ts';
import { openHttpReach } from './drivers/reach/index.ts';
import { deadLetterPaths } from './events/deadLetters.ts';
import { deploymentOf } from './events/deployment.ts';
import { counting } from './flowcontrol/held.ts';
import { openFlowControl } from './flowcontrol/index.ts';
import { storedConfiguration } from './flowcontrol/stored.ts';
import { kubeletHandle } from './kubelet/handle.ts';
import { otherServers } from './otherServers.ts';
import { checkUntilReady } from './selfCheck.ts';
import { serviceRanges } from './serviceRanges.ts';
import { startChecks } from './startChecks.ts';
import { takeTurns } from './turns.ts';
import { elsewhere, servicesIn } from './webhooks/index.ts';
import { judgingMs, openBodyParser } from './yaml/index.ts';

const nothingRuns = 'Pods of this runtime are records, in which nothing runs';

/** Storage, API and controllers: what is the same wherever Pods run. */
export interface Core {
  handle: Handle;
  /** What a Node's own port answers. */
  kubelet(node: string): Handle;
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
    events,
    clock,
    ids,
    log,
    port,
  } = options;
  const { serviceCidr } = cloud;
  const metrics = prometheusMetrics();
  const uncounted = measured(options.storage, metrics.storage, () => performance.now());
  const { storage: quietly, heldOf } = counting(uncounted);
  const storage = noticed(quietly, (stored, isDeleted) => {
    manager.noticed(stored, isDeleted);
    events?.noticed(stored.key);
    cloud.pods.sourceChanged?.(stored.key);
  });
  const flowControl = openFlowControl({
    configuration: storedConfiguration(storage),
    clock,
    now: () => performance.now(),
    heldOf,
    waited: metrics.waited,
  });
  metrics.gather([...flowControl.figures, ...(audit?.figures ?? []), ...(events?.figures ?? [])]);
  const policyIn = policiesIn(storage, clock);
  const authorizer = authorizerOf(options.authorization ?? ['Node', 'RBAC'], storage, policyIn);
  const [bodies, rules] = [openBodyParser(), openBodyParser(judgingMs)];
  const turn = takeTurns();
  const find: HttpsOptions['find'] = (...asked) => servicesIn(clients, ids)(...asked);
  const { reached } = cloud;
  const webhooks = httpsWebhooks({ clock, find, ...(reached && { connect: elsewhere(reached) }) });
  const reach = openHttpReach({ isOwnLoopback: () => true, ...(reached && { reached }) });
  const others = otherServers(reach, find, frontProxy);
  const closing = new AbortController();
  const steps = startChecks({
    storage,
    controllers,
    hasStarted: () => hasStarted,
    isFilled: () => isFilled,
    served: () => handle.resources('default'),
    tellsAuthorities: Boolean(clientCa ?? frontProxy),
    canLog: options.canLog,
  });
  const deps: ApiDeps = {
    storage,
    kinds,
    clock,
    ids,
    log,
    metrics,
    descriptions: openDescriptions(),
    ...{ parseYaml: bodies.parseYaml, decodeLarge: bodies.decodeLarge },
    ...{ turn, judge: rules.judge, validate: rules.validate },
    authenticate: firstOf(
      internalPeer,
      clientCertificate,
      bearerToken(knownOr(options.knownTokens, tokens.name, liveTokens(tokens.verify, lookupIn(storage)))),
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
      ...{ webhooks, turn, judgePolicy: rules.judgePolicy },
      mutatingPolicies: options.mutatingPolicies ?? false,
      ...(options.furtherPlugins && { further: options.furtherPlugins }),
    }).filter(({ name }) => options.admits?.(name) ?? true),
    askConversion: conversions({ webhooks, ids }),
    issueToken: tokenRequests(tokens, clock),
    tokenKeys: tokens.publicKeys,
    tokenIssuer: tokens.name,
    steps,
    readiness: { 'informer-sync': steps['poststarthook/generic-apiserver-start-informers']! },
    podLogs: (pod, container, options) => cloud.pods.logs(pod, container, options),
    podStreams: cloud.pods,
    podProbes: (ref) => cloud.pods.probes?.(ref) ?? [],
    ...(cloud.statistics && { meter: createMeter(cloud.statistics, clock) }),
    ...(cloud.reach && { reach: cloud.reach }),
    otherServers: others,
    flowControl,
    ...(audit && { auditTrail: audit.trail }),
    deployment: deploymentOf(clusterCa),
    ...(options.reportedVersion && { version: { gitVersion: options.reportedVersion } }),
    ...(events && { deadLetters: deadLetterPaths(events) }),
    proxyRemedy: nothingRuns,
    upgradeRemedy: nothingRuns,
  };
  const handle = createApi(deps);
  let hasStarted = false;
  let isFilled = false;
  const clients = inProcessClients(handle, (cluster, uid) => storage.owned(cluster, uid), undefined, turn);
  const filler = policyFiller(storage, clients);
  const clusters = openClusters({
    storage: quietly,
    clients,
    filler,
    clock,
    ids,
    env: () => env,
    manager: () => manager,
    facts: [clusterCa, clientCa ?? '', frontProxy?.ca ?? '', serviceCidr, nodesIn(options)],
  });
  const address = options.address ?? '127.0.0.1';
  const env: Environment = {
    refillPolicy: async (cluster) => {
      await filler.refill(cluster);
      isFilled ||= cluster === 'default';
    },
    fillCluster: (cluster) => clusters.fill(cluster),
    rests: (cluster) => !manager.isAwake(cluster),
    ...(options.kubeletPort && { kubeletPort: options.kubeletPort }),
    ...(options.signCertificate && { signCertificate: options.signCertificate }),
    ...{ clients, checkTypes: rules.checkTypes },
    exchangeAs: (account, cluster) => inProcessExchange(handle, clock, cluster, systemAccount(account)),
    podSources: (client, cluster, pod) =>
      reachingApi(
        podSourcesFrom(client, pod, clock, {
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
    kubelet: (node) => kubeletHandle(deps, node),
    manager,
    async start() {
      await events?.start();
      // Whoever is told that it is ready may name them at once.
      await makeNamespaces(clients('default'));
      await manager.start();
      hasStarted = true;
      void checkUntilReady(handle, steps, clock, closing.signal);
    },
    stop: async () => {
      closing.abort();
      flowControl.close();
      await manager.stop();
      await Promise.all([bodies.close(), rules.close()]);
      webhooks.close();
      await events?.stop();
      await storage.close();
    },
  };
}

/** Everything that the runtime and the ports say of Nodes. */
const nodesIn = ({ cloud, kubeletPort }: CoreOptions): string =>
  JSON.stringify(cloud.pods.nodes().map((node) => ({ ...node, port: kubeletPort?.(node.name) })));
