import { clusterDomain } from '../../ports/names.ts';
import type { KubeletCall } from './index.ts';

/** Returns what a kubelet's `/configz` says, as far as it is true here: fields of KubeletConfiguration. */
export function configuration({ node }: KubeletCall): object {
  const { capacity = {}, daemonEndpoints } = node.status ?? {};
  const port = daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
  return {
    kubeletconfig: {
      kind: 'KubeletConfiguration',
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      enableServer: port > 0,
      ...(port > 0 && { port }),
      authentication: { x509: {}, webhook: { enabled: true }, anonymous: { enabled: false } },
      authorization: { mode: 'Webhook', webhook: {} },
      clusterDomain,
      ...(capacity.pods !== undefined && { maxPods: Number(capacity.pods) }),
      enableSystemLogHandler: false,
    },
  };
}
