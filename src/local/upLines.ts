import type { LocalCloud } from './cloud.ts';
import type { LocalConfig } from './config.ts';

/**
 * Returns where the context went, and how to switch to it where another one is current: `up` never switches by itself.
 */
export function contextLines({ context, kubeconfig }: LocalConfig, current: string): string[] {
  const added = `kubeconfig    context ${context} in ${kubeconfig}`;
  if (current === context) return [added];
  return [
    added,
    `              the current context is still ${current}; kubectl config use-context ${context} changes it`,
  ];
}

/** Returns where Services answer, where that is not as their users expect. */
export function serviceLines(lowestPort = 1, lowestBalancerPort = lowestPort): string[] {
  if (lowestPort > 65_535)
    return [
      'services      cluster IPs do not answer on this system; load balancers answer on 127.0.0.1, at the port under PORT(S)',
    ];
  if (lowestBalancerPort <= 53) return [];
  const dns = lowestPort <= 53 ? '' : ', and cluster DNS,';
  return [
    `services      ports below ${lowestBalancerPort} need more rights: load balancers with such a port answer on 127.0.0.1, at the port under PORT(S)`,
    `              their own ports${dns} take: sudo sysctl -w net.ipv4.ip_unprivileged_port_start=53`,
  ];
}

/** Returns what somebody who sees it start for the first time would do next. */
export function nextCommands(
  { context }: LocalConfig,
  current: string,
  { hasOnlyFolders = false }: Pick<LocalCloud, 'hasOnlyFolders'>,
): string[] {
  const options = current === context ? '' : ` --context ${context}`;
  return [
    ...(hasOnlyFolders ? ['shallop image add my-app:latest FOLDER'] : []),
    `kubectl${options} apply -f FILE`,
    `kubectl${options} get pods --watch`,
    ...(hasOnlyFolders ? [] : [`kubectl${options} get events`]),
  ];
}
