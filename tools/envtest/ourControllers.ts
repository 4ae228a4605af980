/**
 * ourControllers.ts KUBECONFIG: runs shallop's controllers against any Kubernetes API server, until it is ended. Nodes and
 * Pods are somebody else's, such as KWOK's; see ourControllers.sh.
 */
import { Connection } from '../../src/cli/kube/connection.ts';
import { ServerError } from '../../src/cli/kube/failure.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import type { Client, OwnedKey, ServedResource } from '../../src/shared/client/client.ts';
import { type Exchange, httpClient } from '../../src/shared/client/http.ts';
import { collectionPath } from '../../src/shared/client/paths.ts';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Environment } from '../../src/shared/controllers/environment.ts';
import {
  createManager,
  type ObjectSource,
  type SourceItem,
} from '../../src/shared/controllers/manager/index.ts';
import { controllers } from '../../src/shared/controllers/registry.ts';
import { FakeLoadBalancers } from '../../src/shared/fake/loadBalancers.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { type Resource, resourceName } from '../../src/shared/kinds/kind.ts';
import type { KubeObject } from '../../src/shared/meta/object.ts';
import { jsonLogger } from '../../src/shared/observability/jsonLogger.ts';
import { untilSignal } from '../untilSignal.ts';

/** What a real control plane's manager and scheduler do; the rest is this server's own, or that of Nodes. */
const names = [
  'cronjob-controller',
  'daemonset-controller',
  'default-scheduler',
  'deployment-controller',
  'controllermanager',
  'endpoint-controller',
  'endpoint-slice-controller',
  'endpoint-slice-mirroring-controller',
  'garbage-collector',
  'horizontal-pod-autoscaler',
  'job-controller',
  'namespace-controller',
  'node-lifecycle-controller',
  'pod-garbage-collector',
  'replicaset-controller',
  'replication-controller',
  'resourcequota-controller',
  'serviceaccount-controller',
  'statefulset-controller',
  'taint-eviction-controller',
  'ttl-after-finished-controller',
];

const [kubeconfig = ''] = process.argv.slice(2);
const ended = new AbortController();
const connection = new Connection(
  await endpointOf({ kubeconfig }, { env: {}, cwd: process.cwd() }),
  ended.signal,
  () => {},
);

const exchange: Exchange = async ({ method, path, headers, body }) => {
  const type = headers['content-type'];
  const sent = body && Buffer.from(body).toString();
  try {
    return await connection.ask({ method, path, ...(sent && { body: sent }), ...(type && { type }) });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return {
      status: error.status.code ?? 500,
      body: Buffer.from(JSON.stringify({ ...error.status, kind: 'Status' })),
    };
  }
};

const remote = httpClient({
  userAgent: 'shallop-controllers',
  exchange,
});

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[];
}
interface GroupList {
  groups: { name: string; preferredVersion: { groupVersion: string } }[];
}

/** Every resource in its preferred version, as discovery lists it. */
async function served(): Promise<ServedResource[]> {
  const { groups } = await connection.json<GroupList>({ path: '/apis' });
  const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
  const lists = versions.map(async (groupVersion) => {
    const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    const { resources } = await connection.json<ResourceList>({ path });
    const [version = '', group = ''] = groupVersion.split('/').reverse();
    return resources
      .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list') && verbs.includes('watch'))
      .map(({ name, kind, namespaced, verbs }) => ({
        group,
        version,
        plural: name,
        kind,
        namespaced,
        verbs,
      }));
  });
  return (await Promise.all(lists)).flat();
}

let known: Promise<ServedResource[]> | undefined;
const resources = () => (known ??= served());

/** Kubernetes has no such question: everything is looked at. */
async function owned(uid: string): Promise<OwnedKey[]> {
  const all = await resources();
  const lists = all.map(async (resource) =>
    (await remote.list<KubeObject>(resource)).flatMap(({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === uid)
        ? [
            {
              resource: resourceName(resource),
              namespace: metadata.namespace ?? '',
              name: metadata.name ?? '',
            },
          ]
        : [],
    ),
  );
  return (await Promise.all(lists)).flat();
}

const client: Client = { ...remote, owned, resources };

const itemOf = (object: KubeObject): SourceItem => ({
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name ?? '',
  revision: Number(object.metadata.resourceVersion),
  notable: () => !!object.metadata.ownerReferences?.length || object.metadata.deletionTimestamp !== undefined,
  holds: (text) => JSON.stringify(object).includes(text),
  parse: () => object,
});

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject;
}

const source: ObjectSource = {
  async *listWatch(_cluster, resource, signal) {
    const isServed = (await resources()).some((each) => resourceName(each) === resourceName(resource));
    if (!isServed) {
      yield { type: 'snapshot', items: [], revision: 0 };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return;
    }
    const path = collectionPath(resource as Resource);
    const list = await connection.json<{ items: KubeObject[]; metadata: { resourceVersion: string } }>({
      path,
    });
    const { resourceVersion } = list.metadata;
    const typed = {
      kind: resource.kind,
      apiVersion: [resource.group, resource.version].filter(Boolean).join('/'),
    };
    const items = list.items.map((item) => itemOf({ ...typed, ...item }));
    yield { type: 'snapshot', items, revision: Number(resourceVersion) };
    const query = `?watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of await connection.stream({ path: path + query, signal })) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { type, object } = JSON.parse(line) as WatchLine;
        if (type === 'ERROR') throw new Error(JSON.stringify(object));
        if (type === 'BOOKMARK')
          yield { type: 'progress', revision: Number(object.metadata.resourceVersion) };
        else yield { type: type === 'DELETED' ? 'delete' : 'put', item: itemOf(object) };
      }
    }
  },
};

const absent = (): never => {
  throw new Error('nobody here runs Pods');
};
const env: Environment = {
  clients: () => client,
  exchangeAs: () => exchange,
  podSources: absent,
  clusterCa: () => '',
  apiEndpoint: () => undefined,
  serviceCidr: '10.96.0.0/16',
  issueToken: absent,
  dropCluster: absent,
};

const manager = createManager({
  controllers: controllers.filter(({ name }) => names.includes(name)),
  source,
  clients: () => client,
  cloud: { pods: createFakePods({ clock: systemClock, nodes: [] }), loadBalancers: new FakeLoadBalancers() },
  clock: systemClock,
  ids: randomIds,
  log: jsonLogger({ clock: systemClock, level: 'warn', write: (line) => process.stderr.write(line) }),
  env,
});
await untilSignal(async () => {
  await manager.start();
  await new Promise(() => {});
}).catch(() => {});
ended.abort();
await manager.stop();
connection.close();
