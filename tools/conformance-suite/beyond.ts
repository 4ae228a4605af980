import { execFileSync } from 'node:child_process';

/** What a machine of our own cannot be asked, by the words in the names of specs. */
const notHere = [
  // Specs that end the control plane or its nodes, such as upstream does not trust either, and what is off by default.
  /\[(Disruptive|Flaky|Alpha|Deprecated)\]|\[Feature:(OffByDefault|StorageVersionAPI|APIServerIdentity)\]/,
  // Whole groups of machines of a cloud, and upgrades of them.
  /^\[sig-(windows|cloud-provider\S*|cluster-lifecycle|testing)\]|\[Feature:(ClusterS\w+|\w*(Upgrade|Downgrade)|HAMaster|Reboot|GKE\w+)\]/,
  // Images of programs that nobody can build here, and drivers and devices that come with them.
  /private image|\[Feature:(StatefulSet|\w*GPU\w*|KubeDNSAutoscaler|NodeProblemDetector)\]|\[Driver: (?!local|emptydir|hostPath)/,
  // Drivers of volumes and servers of files that come as images, and volumes that no driver within the tree provisions.
  /CSI Mock|CSINode|CSIInlineVolumes|[Ff]lex[Vv]olume|PersistentVolumes NFS|\[Testpattern: Dynamic PV|VolumeSnapshot|VolumeAttachment|SELinux|KMS key|DynamicProvisioner External/,
  // Devices of a machine: those of drivers, disks of a cloud, loop devices, modules of its kernel's security.
  /\[DRA\]|\[(LocalVolumeType|Volume type): (block|gce-)|loopback local block|HostPathType Block Device|AppArmor load/,
  // Programs of a kubelet's machine: its runtime's own client, its credential providers, its journal.
  /crictl|ImageCredentialProvider|\[Feature:NodeLogQuery\]|\[Feature:KubeletCredentialProviders\]|private registry|should be able to pull image|Clean up pods on node|SSH to all nodes/,
  // Protocols that Pods do not speak here: SCTP and IPv6. And what measures kube-proxy, or asks this machine's firewall about it.
  /\[Feature:(SCTPConnectivity|IPv6DualStack|Networking-IPv6|KubeProxyNFAcct|Networking-Performance|PerformanceDNS)\]|\[Provider:GCE\]/,
  // What is measured for days on a cluster of many machines.
  /\[Performance\]|\[Feature:\w+ResourceUsageTracking\]|\[Slow\] \[Feature:Performance/,
];

/** Whole names of the specs that are not of conformance and apply to one machine. */
export function beyondConformance(e2e: string): string[] {
  const listed = execFileSync(e2e, ['--list-tests'], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const names = listed.split('\n').flatMap((line) => /^\s+\S+\.go:\d+: (.*)$/.exec(line)?.[1]?.trim() ?? []);
  return names.filter(
    (name) => !name.includes('[Conformance]') && !notHere.some((pattern) => pattern.test(name)),
  );
}
