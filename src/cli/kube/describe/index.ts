import type {
  ConfigMap,
  Deployment,
  EndpointSlice,
  Endpoints,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from '../../../shared/kinds/schema/types.ts';
import { table } from '../../../shared/meta/table.ts';
import type { Resource } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { listObjects } from '../read.ts';
import { currentReplicaSet, replicaSetsOf } from '../replicaSets.ts';
import type { Scene } from '../scene.ts';
import { selectorText } from '../selector.ts';
import { resourceNamed } from '../targets.ts';
import { eventRows, eventsOf } from './events.ts';
import { configMap, generic, secret, serviceAccount } from './generic.ts';
import { Page } from './page.ts';
import { pod } from './pod.ts';
import { endpointsObject, service } from './service.ts';
import { deployment, replicaSet } from './workloads.ts';

type Describer = (page: Page, object: KubeObject, scene: Scene) => Promise<void> | void;

/** Kinds with a page of their own, by group and kind; the others have a generic one. */
const describers: Record<string, Describer> = table({
  '/Pod': (page, object) => pod(page, object as unknown as Pod),
  '/ConfigMap': (page, object) => configMap(page, object as unknown as ConfigMap),
  '/Secret': (page, object) => secret(page, object as unknown as Secret),
  '/Service': async (page, object, scene) => {
    const slices = await related<EndpointSlice>(scene, 'endpointslices.discovery.k8s.io', object, {
      labels: `kubernetes.io/service-name=${object.metadata.name}`,
    });
    service(page, object as unknown as Service, slices);
  },
  '/ServiceAccount': (page, object) => serviceAccount(page, object as unknown as ServiceAccount),
  '/Endpoints': (page, object) => endpointsObject(page, object as unknown as Endpoints),
  'apps/Deployment': async (page, object, scene) => {
    const all = await replicaSetsOf(scene, object);
    const current = currentReplicaSet(object, all);
    const sets = all as unknown as ReplicaSet[];
    const isNew = (each: ReplicaSet) => each.metadata.name === current?.metadata.name;
    deployment(page, object as unknown as Deployment, {
      old: sets.filter((each) => !isNew(each)),
      new: sets.filter(isNew),
    });
  },
  'apps/ReplicaSet': async (page, object, scene) => {
    const { selector } = object.spec as { selector?: Record<string, string> };
    const pods = await related<Pod>(scene, 'pods', object, { labels: selectorText(selector) });
    const own = pods.filter((each) =>
      each.metadata.ownerReferences?.some(({ uid }) => uid === object.metadata.uid),
    );
    replicaSet(page, object as unknown as ReplicaSet, own);
  },
});

/** Without Events: nobody writes any about them. */
const quiet = ['/Secret'];

/** An object for people to read, with what belongs to it and what happened to it. */
export async function describeObject(scene: Scene, resource: Resource, object: KubeObject): Promise<string> {
  const page = new Page();
  const id = `${resource.group}/${resource.kind}`;
  await (describers[id] ?? generic)(page, object, scene);
  if (!quiet.includes(id)) eventRows(page, await eventsOf(scene, object));
  return page.toString();
}

async function related<T extends { kind?: string; apiVersion?: string }>(
  { connection, resources }: Scene,
  name: string,
  { metadata }: KubeObject,
  { labels }: { labels: string },
): Promise<T[]> {
  const resource = resourceNamed(name, await resources());
  return (await listObjects<T>(connection, resource, { namespace: metadata.namespace, labels })).items;
}
