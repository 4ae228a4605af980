import { formatMicroTime } from '../../clock/clock.ts';
import type { Node } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { leaseNamespace } from '../common/nodeLeases.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { leases, namespaces, nodes } from '../resources.ts';
import { forsaken, nodeFor, nodeStatus } from './plan.ts';

/** How often a Lease is renewed, in milliseconds. That is rare, since only readers of the Lease depend on it. */
const renewMs = 300_000;
/** A key's name that no Node can have. */
const sweep = 'nodes/forsaken';

/** Registers the runtime's Nodes and keeps them Ready. */
export const node: Controller = {
  group: 'pods',
  name: 'node-controller',
  watches: [watching<Node>({ resource: nodes, keys: (n) => [keyOf(n)] })],
  always: (cloud) => {
    const offered = cloud.pods.nodes();
    const keys = offered.map(({ name }) => ({ namespace: '', name }));
    return offered.some(({ virtual }) => virtual) ? keys : [...keys, { namespace: '', name: sweep }];
  },

  async reconcile({ name }, ctx) {
    if (name === sweep) return removeForsaken(ctx);
    const wanted = ctx.cloud.pods.nodes().find((n) => n.name === name);
    if (!wanted) return undefined;
    const { client, clock, env } = ctx;
    let current = await client.get(nodes, '', name);
    if (current?.metadata.deletionTimestamp) return undefined;
    current ??= await client.create(nodes, nodeFor(wanted));
    const status = nodeStatus(wanted, current.status, clock.now(), env.kubeletPort?.(name));
    if (!same(status, current.status)) await client.updateStatus(nodes, { ...current, status });
    const requeueAfterMs = await renew(current, ctx, wanted.virtual ?? false);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  },
};

/** A machine is shown as fewer Nodes than before: what is bound to the others is gone with them. */
async function removeForsaken({ client, cloud }: ReconcileContext): Promise<undefined> {
  for (const { metadata } of forsaken(await client.list(nodes), cloud.pods.nodes()))
    await unlessGone(client.delete(nodes, '', metadata.name ?? '', { uid: metadata.uid }));
}

/** Renews the Lease when it is due; answers when it is due next. That of a virtual Node never is. */
async function renew(
  { metadata }: Node,
  { client, clock }: ReconcileContext,
  virtual: boolean,
): Promise<number | undefined> {
  const name = metadata.name ?? '';
  const renewTime = formatMicroTime(clock.now());
  // The namespace comes with the cluster's bootstrap.
  if (!(await client.get(namespaces, '', leaseNamespace))) return 1000;
  const lease = await client.get(leases, leaseNamespace, name);
  if (lease && virtual) return undefined;
  if (lease) {
    const due = Date.parse(lease.spec?.renewTime ?? '') + renewMs - clock.now();
    if (due > 0) return due;
    await client.patch(leases, leaseNamespace, name, { spec: { renewTime } });
    return renewMs;
  }
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: metadata.uid ?? '' };
  await unlessThere(
    client.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: leaseNamespace, ownerReferences: [owner] },
      spec: { holderIdentity: name, leaseDurationSeconds: (3 * renewMs) / 1000, renewTime },
    }),
  );
  return virtual ? undefined : renewMs;
}
