import type { Pod } from '../../kinds/schema/types.ts';
import { expose } from '../../observability/exposition.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import { measuring } from './whole.ts';

/** Returns what a kubelet's `/metrics/probes` tells: how often the probes of a node's Pods ended how. */
export async function probeMetrics(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<string> {
  const { deps, cluster } = call;
  const stored = await measuring(call).podsOn(node);
  const samples = stored.flatMap(({ value }) => {
    const { namespace = '', name = '', uid = '' } = (parseJson(value) as unknown as Pod).metadata;
    const counts = deps.podProbes?.({ cluster, namespace, name, uid }) ?? [];
    return counts.map(({ container, type, result, count }) => ({
      labels: { container, namespace, pod: name, pod_uid: uid, probe_type: type, result },
      value: count,
    }));
  });
  return expose([
    {
      name: 'prober_probe_total',
      help: '[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.',
      type: 'counter',
      samples,
    },
  ]);
}
