import type { RuntimeNode } from '../ports/cloud.ts';

/** A Node without a machine, wide enough for scale tests. */
export const fakeNode = (name = 'shallop'): RuntimeNode => ({
  name,
  labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name },
  capacity: { cpu: '10000', memory: '100000Gi', pods: '100000', 'ephemeral-storage': '100000Gi' },
  addresses: [
    { type: 'InternalIP', address: '127.0.0.1' },
    { type: 'Hostname', address: name },
  ],
  nodeInfo: {
    architecture: 'amd64',
    bootID: '',
    containerRuntimeVersion: 'fake://1',
    kernelVersion: '',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.35.0',
    machineID: '',
    operatingSystem: 'linux',
    osImage: 'fake',
    systemUUID: '',
  },
});
