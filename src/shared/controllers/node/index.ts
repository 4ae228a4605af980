import { formatMicroTime } from '../../clock/clock.ts';
import type { Node } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessThere } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { leases, namespaces, nodes } from '../resources.ts';
import { nodeFor, nodeStatus } from './plan.ts';

/** A Lease is renewed this often: rare, since nothing but a reader of the Lease depends on it. */
const renewMs = 300_000;
const leaseNamespace = 'kube-node-lease';

/** Registers the runtime's Nodes and keeps them Ready. */
export const node: Controller = {
  group: 'pods',
  name: 'node-controller',
  watches: [watching<Node>({ resource: nodes, keys: (n) => [keyOf(n)] })],
  always: (cloud) => cloud.pods.nodes().map(({ name }) => ({ namespace: '', name })),

  async reconcile({ name }, ctx) {
    const wanted = ctx.cloud.pods.nodes().find((n) => n.name === name);
    if (!wanted) return undefined;
    const { client, clock } = ctx;
    let current = await client.get(nodes, '', name);
    if (current?.metadata.deletionTimestamp) return undefined;
    current ??= await client.create(nodes, nodeFor(wanted));
    const status = nodeStatus(wanted, current.status, clock.now());
    if (!same(status, current.status)) await client.updateStatus(nodes, { ...current, status });
    const requeueAfterMs = await renew(current, ctx, wanted.virtual ?? false);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  },
};

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
