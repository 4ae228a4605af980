import type { Pod, Taint } from '../../../shared/kinds/schema/types.ts';
import type { RuntimeNode } from '../../../shared/ports/cloud.ts';
import { type Architecture, architectures } from './architecture.ts';
import type { FargateSettings } from './options.ts';
import { capacityType, spotWish } from './spotWish.ts';

/**
 * A Node per zone, capacity type and architecture: `fargate-us-east-1a`, `fargate-spot-us-east-1a`, and with
 * `-arm64` or `-amd64` behind where that is not the usual one. Spot and the other architecture are tainted PreferNoSchedule: only
 * Pods that select or tolerate them go there.
 */
export function virtualNodes({ zones, region, architecture }: FargateSettings): RuntimeNode[] {
  const names = [...new Set(zones.map(({ zone }) => zone))];
  return names.flatMap((zone) =>
    [false, true].flatMap((spot) =>
      architectures.map((arch) => virtualNode(zone, region, spot, arch, arch === architecture)),
    ),
  );
}

function virtualNode(
  zone: string,
  region: string,
  spot: boolean,
  arch: Architecture,
  usual: boolean,
): RuntimeNode {
  const name = ['fargate', spot && 'spot', zone, !usual && arch].filter(Boolean).join('-');
  const taints: Taint[] = [];
  if (spot) taints.push({ key: capacityType, value: 'spot', effect: 'PreferNoSchedule' });
  if (!usual) taints.push({ key: 'kubernetes.io/arch', value: arch, effect: 'PreferNoSchedule' });
  return {
    name,
    virtual: true,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': arch,
      'topology.kubernetes.io/region': region,
      'topology.kubernetes.io/zone': zone,
      'node.kubernetes.io/instance-type': 'fargate',
      [capacityType]: spot ? 'spot' : 'on-demand',
    },
    ...(taints.length > 0 && { taints }),
    // As the API writes quantities: others would be reported anew at every look.
    capacity: { cpu: '32k', memory: '244000Gi', pods: '100k', 'ephemeral-storage': '200000Gi' },
    addresses: [
      // What a task knows as its host: the task metadata endpoint.
      { type: 'InternalIP', address: '169.254.170.2' },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      architecture: arch,
      bootID: '',
      containerRuntimeVersion: 'ecs://fargate',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.35.0',
      machineID: '',
      operatingSystem: 'linux',
      osImage: 'AWS Fargate',
      systemUUID: '',
    },
  };
}

export interface Placement {
  architecture: Architecture;
  spot: boolean;
  /** The subnets of the Node's zone; all of them where the Node is unknown. */
  subnets: string[];
}

/** Returns where a Pod runs: as its Node says; where that is none of these, as it asks itself. */
export function placementOf(pod: Pod, settings: FargateSettings): Placement {
  const node = virtualNodes(settings).find(({ name }) => name === pod.spec?.nodeName);
  const zone = node?.labels?.['topology.kubernetes.io/zone'];
  const selected = pod.spec?.nodeSelector?.['kubernetes.io/arch'] ?? node?.labels?.['kubernetes.io/arch'];
  return {
    architecture: architectures.find((each) => each === selected) ?? settings.architecture,
    spot: node ? node.labels?.[capacityType] === 'spot' : spotWish(pod) !== undefined,
    subnets: settings.zones.filter((each) => !zone || each.zone === zone).map(({ subnet }) => subnet),
  };
}
