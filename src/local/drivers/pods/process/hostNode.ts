import { arch, availableParallelism, hostname, platform, release, totalmem, type } from 'node:os';
import { table } from '../../../../shared/meta/table.ts';
import type { RuntimeNode } from '../../../../shared/ports/cloud.ts';

const architectures: Record<string, string> = table({
  x64: 'amd64',
  arm64: 'arm64',
  ia32: '386',
  arm: 'arm',
});

/** This machine as a Node. */
export function hostNode(name: string, address: string, runtime = 'process'): RuntimeNode {
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
    },
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: hostname() },
    ],
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
