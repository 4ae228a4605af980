import { existsSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, hostname, platform, release, totalmem, type } from 'node:os';
import { dirname, resolve } from 'node:path';
import { table } from '../../../../shared/meta/table.ts';
import type { RuntimeNode } from '../../../../shared/ports/cloud.ts';

const architectures: Record<string, string> = table({
  x64: 'amd64',
  arm64: 'arm64',
  ia32: '386',
  arm: 'arm',
});

/** This machine as a Node, whose Pods write to the disk that `folder` is on. */
export function hostNode(name: string, address: string, folder: string, runtime = 'process'): RuntimeNode {
  const os = platform() === 'win32' ? 'windows' : platform();
  const architecture = architectures[arch()] ?? arch();
  return {
    name,
    labels: {
      'kubernetes.io/arch': architecture,
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': os,
    },
    capacity: {
      cpu: String(availableParallelism()),
      memory: `${Math.floor(totalmem() / 1024)}Ki`,
      pods: '250',
      'ephemeral-storage': diskOf(resolve(folder)),
    },
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: hostname() },
    ],
    ...(runtime === 'native' && { features: { supplementalGroupsPolicy: true } }),
    nodeInfo: {
      architecture,
      bootID: '',
      containerRuntimeVersion: `${runtime}://1`,
      kernelVersion: release(),
      kubeProxyVersion: '',
      kubeletVersion: 'v1.35.0',
      machineID: '',
      operatingSystem: os,
      osImage: type(),
      systemUUID: '',
    },
  };
}

/** As the API writes quantities: another form would be reported anew at every look. */
function diskOf(folder: string): string {
  // The folder itself may not have been made yet.
  if (!existsSync(folder)) return diskOf(dirname(folder));
  const { blocks, bsize } = statfsSync(folder);
  let [amount, power] = [Math.floor((blocks * bsize) / 1024), 0];
  for (; amount > 0 && amount % 1024 === 0 && power < units.length - 1; power++) amount /= 1024;
  return `${amount}${units[power]}`;
}

const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
