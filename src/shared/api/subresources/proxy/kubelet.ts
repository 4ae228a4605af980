import { badRequest } from '../../../errors/common.ts';
import type { Node } from '../../../kinds/schema/types.ts';
import { ownValue, table } from '../../../meta/table.ts';
import { expositionType } from '../../../observability/exposition.ts';
import { json, jsonBytes, pageNotFound, text } from '../../http/answer.ts';
import { methodNotAllowed, notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import { containerMetrics, kubeletMetrics, resourceMetrics } from '../../metrics/kubelet.ts';
import { statsSummary } from '../../metrics/summary.ts';
import { measuring } from '../../metrics/whole.ts';
import type { Call, Serve } from '../../request.ts';
import { missing } from '../../served.ts';
import { admitProxy } from '../streams/connect.ts';
import { passedOn } from './index.ts';
import { proxiedPath } from './path.ts';
import { askedFor } from './place.ts';

/** The port of kubelets: there is none here, but clients ask for it. */
const kubeletPort = '10250';

/** Any method on `nodes/proxy`: what a kubelet answers, or a program on another port of the node. */
export const nodeProxy: Serve = async (call) => {
  const { deps, cluster, served, request } = call;
  const { name, port, tls } = askedFor(call.name, 'node');
  const wanted = proxiedPath(request.target, false);
  await admitProxy(call, 'NodeProxyOptions', wanted.path);
  const stored = await deps.storage.get(served.key(cluster, '', name));
  if (!stored) throw missing(served, name);
  if (!port || port === kubeletPort) return kubelet(call, name, wanted.path);
  const { status } = served.parse(stored) as unknown as Node;
  const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  if (!deps.reach) throw notServed('nodes/proxy of other ports than the kubelet’s', deps.proxyRemedy);
  if (!deps.reach.mayReach(address)) throw badRequest('address not allowed');
  return passedOn(request, deps.reach, wanted, { tls, address, port });
};

type Answer = (call: Call, node: string) => Promise<ApiResponse> | ApiResponse;

/** Is what is answered of a kubelet's paths. */
const answers: Record<string, Answer> = table({
  '/healthz': () => text(200, 'ok'),
  '/pods': podsOf,
  '/stats/summary': async (call, node) => {
    if (!call.deps.meter) throw notServed('nodes/proxy of /stats', 'nothing measures Pods here');
    return json(200, await statsSummary(call, node));
  },
  '/metrics': exposed(kubeletMetrics),
  '/metrics/cadvisor': exposed(containerMetrics),
  '/metrics/resource': exposed(resourceMetrics),
  // As a kubelet with enableSystemLogHandler off: the machine's logs are nobody's in the cluster.
  '/logs': () => text(405, 'logs endpoint is disabled.\n'),
});

/** Figures in Prometheus' text format, as a kubelet gives them. */
function exposed(read: (call: Call, node: string) => Promise<string>): Answer {
  return async (call, node) => {
    if (!call.deps.meter) throw notServed('nodes/proxy of /metrics', 'nothing measures Pods here');
    return text(200, await read(call, node), { 'content-type': expositionType });
  };
}

/** A kubelet has these; here other ways lead there, or none does yet. */
const elsewhere: Record<string, string | undefined> = table({
  attach: 'pods/attach is',
  checkpoint: undefined,
  configz: undefined,
  containerLogs: 'pods/log is',
  exec: 'pods/exec is',
  // What is counted of probes, where their Pods run, is told nobody.
  metrics: undefined,
  portForward: 'pods/portforward is',
  run: 'pods/exec is',
  runningpods: '/pods is',
  stats: undefined,
});

function kubelet(call: Call, node: string, path: string): Promise<ApiResponse> | ApiResponse {
  const [, first = ''] = path.split('/');
  const answer =
    ownValue(answers, path.replace(/\/$/, '')) ?? (first === 'logs' ? answers['/logs'] : undefined);
  if (answer) {
    if (!['GET', 'HEAD'].includes(call.request.method)) throw methodNotAllowed();
    return answer(call, node);
  }
  if (Object.hasOwn(elsewhere, first)) throw notServed(`nodes/proxy of /${first}`, elsewhere[first]);
  return pageNotFound();
}

/** The Pods that are bound to the node, as they are stored. */
async function podsOf(call: Call, node: string): Promise<ApiResponse> {
  const own = await measuring(call).podsOn(node);
  const list = own.flatMap(({ value }, i) => (i ? [Buffer.from(','), value] : [value]));
  const head = Buffer.from('{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[');
  return jsonBytes(200, Buffer.concat([head, ...list, Buffer.from(']}\n')]));
}
