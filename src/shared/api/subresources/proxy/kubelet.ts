import { badRequest } from '../../../errors/common.ts';
import type { Node } from '../../../kinds/schema/types.ts';
import { notServed } from '../../http/errors.ts';
import { parseQuery } from '../../http/target.ts';
import { kubeletAnswer } from '../../kubelet/index.ts';
import type { Serve } from '../../request.ts';
import { missing } from '../../served.ts';
import { admitProxy } from '../streams/connect.ts';
import { passedOn } from './index.ts';
import { proxiedPath } from './path.ts';
import { askedFor } from './place.ts';

/** The port of kubelets: clients ask for it wherever the node's is. */
const usualPort = '10250';

/** Any method on `nodes/proxy`: what a kubelet answers, or a program on another port of the node. */
export const nodeProxy: Serve = async (call) => {
  const { deps, cluster, served, request } = call;
  const { name, port, tls } = askedFor(call.name, 'node');
  const wanted = proxiedPath(request.target, false);
  await admitProxy(call, 'NodeProxyOptions', wanted.path);
  const stored = await deps.storage.get(served.key(cluster, '', name));
  if (!stored) throw missing(served, name);
  const node = served.parse(stored) as unknown as Node;
  if (!port || port === usualPort || port === ownPort(node))
    return kubeletAnswer({
      ...{ deps, cluster, request, node, path: wanted.path },
      query: parseQuery(wanted.query.slice(1)),
    });
  const address = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  if (!deps.reach) throw notServed('nodes/proxy of other ports than the kubelet’s', deps.proxyRemedy);
  if (!deps.reach.mayReach(address)) throw badRequest('address not allowed');
  return passedOn(request, deps.reach, wanted, { tls, address, port });
};

/** The port that the node says its kubelet has. */
const ownPort = ({ status }: Node): string => String(status?.daemonEndpoints?.kubeletEndpoint?.Port ?? '');
