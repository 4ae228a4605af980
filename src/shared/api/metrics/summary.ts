import { formatTime } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import type { Rate } from './rates.ts';
import { measuring, sumOf } from './whole.ts';

/**
 * Returns what a kubelet's `/stats/summary` says of CPU and memory: of the Node, of its running Pods and of their
 * containers. File systems and networks are not measured.
 */
export async function statsSummary(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<object> {
  const measure = measuring(call);
  const here = await measure.podsOn(node);
  const pods = await Promise.all(
    here.map(async ({ value }) => {
      const pod = parseJson(value) as unknown as Pod;
      const rates = await measure.pod(pod);
      if (!rates) return [];
      const { name, namespace, uid } = pod.metadata;
      const startTime = pod.status?.startTime ?? '';
      const containers = rates.map((rate) => ({ name: rate.name, startTime, ...statsOf(rate) }));
      return [{ podRef: { name, namespace, uid }, startTime, containers, ...statsOf(sumOf(rates)) }];
    }),
  );
  const whole = await measure.node(node);
  return {
    node: { nodeName: node, startTime: formatTime(call.deps.clock.now()), ...statsOf(whole) },
    pods: pods.flat(),
  };
}

const statsOf = (rate: Rate | undefined) =>
  rate && {
    cpu: { time: formatTime(rate.at), usageNanoCores: rate.cpuNanocores },
    memory: { time: formatTime(rate.at), workingSetBytes: Math.round(rate.memoryBytes) },
  };
