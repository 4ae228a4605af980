import type { Reader } from '../../../shared/client/client.ts';
import { standing } from '../../../shared/controllers/common/clusters.ts';
import { same } from '../../../shared/controllers/common/hash.ts';
import { unlessGone, unlessThere } from '../../../shared/controllers/common/ignore.ts';
import {
  type Controller,
  type ObjectKey,
  type ReconcileContext,
  watching,
} from '../../../shared/controllers/controller.ts';
import { serviceLabel } from '../../../shared/controllers/endpointslice/plan.ts';
import { ifBackendsChanged, readBackends } from '../../../shared/controllers/ingress/backends.ts';
import {
  endpointSlices,
  ingressClasses,
  ingresses,
  secrets,
  services,
} from '../../../shared/controllers/resources.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressClass,
  Secret,
  Service,
} from '../../../shared/kinds/schema/types.ts';
import type { IngressMember, IngressOutcome, IngressRef } from '../../../shared/ports/cloud.ts';
import { backendsOf, certificatesOf, classToMake, routedOf, secretsOf } from './plan.ts';

/** All Ingresses of a logical cluster are served together. */
const router: ObjectKey = { namespace: '', name: 'router' };

/** Has the Ingresses of a logical cluster served by one router, where there is one. */
export const ingressRouter: Controller = {
  group: 'services',
  name: 'ingress-router',
  isFor: (cloud) => cloud.ingresses?.isRouter === true,
  watches: [
    watching<Ingress>({ resource: ingresses, keys: () => [router] }),
    watching<IngressClass>({ resource: ingressClasses, keys: () => [router] }),
    watching<Service>({
      resource: services,
      keys: ({ metadata }, _, { client }) =>
        ifNamed(metadata.namespace, client, (each) => names(each, metadata.name)),
    }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata }, _, { client }) =>
        ifNamed(metadata.namespace, client, (each) => names(each, metadata.labels?.[serviceLabel])),
    }),
    watching<Secret>({
      resource: secrets,
      keys: ({ metadata }, _, { client }) =>
        ifNamed(metadata.namespace, client, (each) => secretsOf(each).includes(metadata.name ?? '')),
    }),
  ],
  always: (cloud) => (cloud.ingresses?.isRouter ? [router] : []),

  async reconcile(key, ctx) {
    const { client, cloud } = ctx;
    const served = cloud.ingresses;
    if (!served) return undefined;
    if (!(await client.get(ingressClasses, '', classToMake.metadata.name ?? '')))
      await unlessThere(client.create(ingressClasses, classToMake));
    const present = await served.list();
    const stands = await standing(key.cluster, present, client);
    for (const ref of present) if (!stands(ref.cluster)) await served.remove(ref);
    const ref: IngressRef = { ...router, cluster: key.cluster, uid: `router of ${key.cluster}` };
    const all = await client.list(ingresses);
    const routed = routedOf(all, await client.list(ingressClasses));
    const isServed = present.some(({ uid }) => uid === ref.uid);
    if (!routed.length && !isServed) return undefined;
    const read = await Promise.all(routed.map((each) => readMember(each, ctx)));
    const outcome = await served.ensure(ref, read);
    await tell(all, routed, outcome, ctx);
    if (!routed.length) await served.remove(ref);
    return ifBackendsChanged(read, ctx);
  },
};

const ifNamed = async (
  namespace = '',
  client: Reader,
  isNaming: (ingress: Ingress) => boolean,
): Promise<ObjectKey[]> => ((await client.list(ingresses, { namespace })).some(isNaming) ? [router] : []);

const names = (ingress: Ingress, service: string | undefined): boolean =>
  backendsOf(ingress).some((backend) => backend.service === service);

async function readMember(ingress: Ingress, ctx: ReconcileContext) {
  const found = new Map<string, Secret>();
  for (const name of secretsOf(ingress)) {
    const secret = await ctx.client.get(secrets, ingress.metadata.namespace ?? '', name);
    if (secret) found.set(name, secret);
  }
  const { certificates, problems } = certificatesOf(ingress, found);
  for (const message of problems)
    ctx.events(ingress, { type: 'Warning', reason: 'CertificateNotFound', message });
  const read = await readBackends(ingress, backendsOf(ingress), ctx);
  const member: IngressMember = { ingress, isServed: true, backends: read.backends, certificates };
  return { ...read, ...member };
}

/** Writes where they are reached into those that are served, and takes it out of those that are not any more. */
async function tell(
  all: Ingress[],
  routed: Ingress[],
  { points = [], refused, notices = [] }: IngressOutcome,
  { client, events }: ReconcileContext,
): Promise<void> {
  for (const ingress of all) {
    const { uid = '', deletionTimestamp } = ingress.metadata;
    const isRouted = routed.includes(ingress);
    const why = refused.get(uid);
    if (why) events(ingress, { type: 'Warning', reason: 'NotServed', message: why.message });
    for (const { type, reason, message } of notices.filter((each) => each.uid === uid))
      events(ingress, { type, reason, message });
    const now = ingress.status?.loadBalancer?.ingress ?? [];
    // What another controller has written is its own.
    const wanted = isRouted && !why ? points : same(now, points) ? [] : now;
    if (deletionTimestamp || same(now, wanted)) continue;
    const loadBalancer = wanted.length ? { ingress: wanted } : {};
    await unlessGone(client.updateStatus(ingresses, { ...ingress, status: { loadBalancer } }));
    if (wanted.length) events(ingress, { type: 'Normal', reason: 'Sync', message: 'Scheduled for sync' });
  }
}
