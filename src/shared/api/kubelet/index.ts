import type { Node } from '../../kinds/schema/types.ts';
import { ownValue, table } from '../../meta/table.ts';
import { expositionType } from '../../observability/exposition.ts';
import { json, pageNotFound, text } from '../http/answer.ts';
import { methodNotAllowed, notServed } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import { containerMetrics, kubeletMetrics, resourceMetrics } from '../metrics/kubelet.ts';
import { probeMetrics } from '../metrics/probes.ts';
import { statsSummary } from '../metrics/summary.ts';
import type { Call } from '../request.ts';
import { configuration } from './configuration.ts';
import { containerLogs } from './logs.ts';
import { podsOf, runningPodsOf } from './pods.ts';

/** Describes a request for a path of a kubelet's, by whichever way it came: `nodes/proxy` or the port of the node. */
export interface KubeletCall extends Pick<Call, 'deps' | 'cluster' | 'request' | 'query'> {
  node: Node;
  /** Begins with a slash. */
  path: string;
}

type Answer = (call: KubeletCall) => Promise<ApiResponse> | ApiResponse;

/** Is what is answered of a kubelet's paths. */
const answers: Record<string, Answer> = table({
  '/configz': (call) => json(200, configuration(call)),
  '/healthz': () => text(200, 'ok'),
  '/pods': podsOf,
  '/runningpods': runningPodsOf,
  '/stats/summary': async (call) => {
    if (!call.deps.meter) throw notServed('/stats of a node', 'nothing measures Pods here');
    return json(200, await statsSummary(call, nameOf(call)));
  },
  '/metrics': exposed(kubeletMetrics),
  '/metrics/cadvisor': exposed(containerMetrics),
  '/metrics/probes': (call) => {
    if (!call.deps.podProbes) throw notServed('/metrics/probes of a node', 'nobody counts probes here');
    return exposed(probeMetrics)(call);
  },
  '/metrics/resource': exposed(resourceMetrics),
});

/** Is what is answered of paths that have others below them, by their first part. */
const below: Record<string, Answer> = table({
  containerLogs,
  // As a kubelet with enableSystemLogHandler off: the machine's logs are nobody's in the cluster.
  logs: () => text(405, 'logs endpoint is disabled.\n'),
});

/** Figures in Prometheus' text format, as a kubelet gives them. */
function exposed(read: (call: KubeletCall, node: string) => Promise<string>): Answer {
  return async (call) => {
    if (!call.deps.meter) throw notServed('/metrics of a node', 'nothing measures Pods here');
    return text(200, await read(call, nameOf(call)), { 'content-type': expositionType });
  };
}

const nameOf = ({ node }: KubeletCall): string => node.metadata.name ?? '';

/** A kubelet has these; here other ways lead there, or none does. */
const elsewhere: Record<string, string | undefined> = table({
  attach: 'pods/attach is',
  checkpoint: undefined,
  exec: 'pods/exec is',
  portForward: 'pods/portforward is',
  run: 'pods/exec is',
  stats: undefined,
});

/** Answers a kubelet's path. Throws MethodNotAllowed for what a kubelet has and is not served here. */
export function kubeletAnswer(call: KubeletCall): Promise<ApiResponse> | ApiResponse {
  const { path, request } = call;
  const [, first = ''] = path.split('/');
  const answer = ownValue(answers, path.replace(/\/$/, '')) ?? ownValue(below, first);
  if (answer) {
    if (!['GET', 'HEAD'].includes(request.method)) throw methodNotAllowed();
    return answer(call);
  }
  if (Object.hasOwn(elsewhere, first)) throw notServed(`/${first} of a node`, elsewhere[first]);
  return pageNotFound();
}
