import type { Reader } from '../../client/client.ts';
import { formatTime } from '../../clock/clock.ts';
import { automanaged, localApiService } from '../../kinds/apiregistration.k8s.io/v1/priorities.ts';
import type {
  APIService,
  CustomResourceDefinition,
  EndpointSlice,
  Service,
} from '../../kinds/schema/types.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { type Controller, keyOf, type ObjectKey, type ReconcileContext, watching } from '../controller.ts';
import { slicesOf } from '../endpointslice/ofService.ts';
import { serviceLabel } from '../endpointslice/plan.ts';
import { apiServices, customResourceDefinitions, endpointSlices, services } from '../resources.ts';
import { problemOf } from './ask.ts';
import { obstacle, type Verdict, withVerdict } from './plan.ts';

const againMs = 30_000;
const againSoonMs = 2_000;

/**
 * Reports in the status of each APIService whether its server answers. Registers an APIService for each version that a
 * CustomResourceDefinition serves, as long as it does.
 */
export const apiService: Controller = {
  name: 'apiservice-controller',
  watches: [
    watching<APIService>({
      resource: apiServices,
      // Of those that this server registers at its start there is nothing to say.
      keys: (object, _, { deleted }) =>
        deleted || object.spec?.service || object.metadata.labels?.[automanaged] === 'true'
          ? [keyOf(object)]
          : [],
    }),
    watching<CustomResourceDefinition>({
      resource: customResourceDefinitions,
      keys: ({ spec }) =>
        (spec?.versions ?? []).map(({ name }) => ({ namespace: '', name: `${name}.${spec?.group}` })),
    }),
    watching<Service>({
      resource: services,
      keys: ({ metadata }, _, { client }) => servedBy(client, metadata.namespace, metadata.name),
    }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata }, _, { client }) =>
        servedBy(client, metadata.namespace, metadata.labels?.[serviceLabel]),
    }),
  ],

  async reconcile({ cluster, name }, ctx) {
    const { client, clock, env } = ctx;
    const object = await client.get(apiServices, '', name);
    if (!object?.spec?.service) return register(name, object, ctx);
    const verdict = await verdictOn(cluster, object, ctx);
    const conditions = withVerdict(object.status?.conditions ?? [], verdict, formatTime(clock.now()));
    if (conditions)
      await unlessGone(
        client.updateStatus(apiServices, { ...object, status: { ...object.status, conditions } }),
      );
    // What cannot be reached from here is not asked again.
    if (!env.otherServers) return undefined;
    return { requeueAfterMs: verdict.status === 'True' ? againMs : againSoonMs };
  },
};

async function servedBy(
  client: Reader,
  namespace: string | undefined,
  name: string | undefined,
): Promise<ObjectKey[]> {
  return (await client.list(apiServices))
    .filter(({ spec }) => spec?.service?.name === name && spec?.service?.namespace === namespace)
    .map(keyOf);
}

/** Of a version that definitions serve there is an APIService, unless somebody made another of that name. */
async function register(name: string, object: APIService | undefined, { client }: ReconcileContext) {
  const dot = name.indexOf('.');
  const [version, group] = [name.slice(0, dot), name.slice(dot + 1)];
  const isServed = (await client.list(customResourceDefinitions)).some(
    ({ spec, metadata }) =>
      !metadata.deletionTimestamp &&
      spec?.group === group &&
      spec.versions.some((each) => each.name === version && each.served),
  );
  if (isServed && !object)
    await unlessThere(client.create(apiServices, localApiService(group, version, 'true')));
  if (!isServed && object?.metadata.labels?.[automanaged] === 'true')
    await unlessGone(client.delete(apiServices, '', name));
  return undefined;
}

async function verdictOn(
  cluster: string,
  object: APIService,
  { client, env, clock }: ReconcileContext,
): Promise<Verdict> {
  const { namespace = '', name = '' } = object.spec?.service ?? {};
  if (!env.otherServers) {
    const message = `service/${name} in ${JSON.stringify(namespace)} is not reached from this server, which is not in the network of its Pods`;
    return { status: 'False', reason: 'ServiceNotReachable', message };
  }
  const [service, slices] = await Promise.all([
    client.get(services, namespace, name),
    slicesOf({ namespace, name }, client),
  ]);
  const found = obstacle(object, service, slices);
  if (found) return found;
  const problem = await problemOf(cluster, object, env.otherServers, clock);
  if (problem) return { status: 'False', reason: 'FailedDiscoveryCheck', message: problem };
  return { status: 'True', reason: 'Passed', message: 'all checks passed' };
}
