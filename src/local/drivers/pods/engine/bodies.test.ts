import { describe, expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import type { Launch } from '../sandbox.ts';
import { containerBody, podBody } from './bodies.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };

const launch = (container: Partial<Container>, spec: Partial<PodSpec>, more: Partial<Launch>): Launch => {
  const whole = { name: 'c', ...container };
  const image = {
    ...{
      id: 'registry/web@sha256:1',
      engineId: 'sha256:2',
      command: [],
      args: [],
      env: {},
      workingDir: '/work',
    },
    user: 'app:staff',
  };
  return {
    ...{ command: ['run', 'it'], env: { A: 'b=c' }, image, mounts: [], hostNetwork: false },
    ...{ container: whole, pod: { metadata: {}, spec: { containers: [whole], ...spec } } },
    ...more,
  };
};
type Body = Record<string, unknown> & { HostConfig: Record<string, unknown> };
const body = (
  container: Partial<Container> = {},
  spec: Partial<PodSpec> = {},
  { kind = 'docker', ...more }: Partial<Launch> & { kind?: 'docker' | 'podman' } = {},
) =>
  containerBody({
    ...{ ref, labels: {}, pause: 'P', ours: [], engine: { kind, hasLabels: false } },
    launch: launch(container, spec, more),
  }) as Body;

describe('a container', () => {
  test('is its image by the id, with the whole command line, and joins its Pod', () => {
    expect(body()).toMatchObject({
      ...{ Image: 'sha256:2', Entrypoint: ['run', 'it'], Cmd: [], Env: ['A=b=c'], WorkingDir: '/work' },
      ...{ User: 'app:staff', Tty: false, Healthcheck: { Test: ['NONE'] } },
      HostConfig: { NetworkMode: 'container:P', IpcMode: 'container:P', ReadonlyRootfs: false },
    });
    expect(body().HostConfig).not.toHaveProperty('UTSMode');
    expect(body({}, {}, { kind: 'podman' }).HostConfig).toMatchObject({ UTSMode: 'container:P' });
  });

  const users: [Partial<Container>, Partial<PodSpec>, string][] = [
    [{ securityContext: { runAsUser: 1000 } }, {}, '1000'],
    [{ securityContext: { runAsGroup: 7 } }, {}, 'app:7'],
    [{}, { securityContext: { runAsUser: 1, runAsGroup: 2 } }, '1:2'],
    [{ securityContext: { runAsUser: 0 } }, { securityContext: { runAsUser: 1 } }, '0'],
  ];
  test.each(users)('%j in a Pod with %j runs as %s', (container, spec, user) => {
    expect(body(container, spec).User).toBe(user);
  });

  const hosts: [string, Partial<Container>, Partial<PodSpec>, object][] = [
    [
      'exact capabilities',
      { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } },
      {},
      {
        CapDrop: ['ALL'],
        CapAdd: ['NET_ADMIN'],
      },
    ],
    [
      'all capabilities but one',
      { securityContext: { capabilities: { add: ['ALL'], drop: ['NET_RAW'] } } },
      {},
      {
        CapAdd: ['ALL'],
        CapDrop: ['NET_RAW'],
      },
    ],
    [
      'no more privileges',
      { securityContext: { allowPrivilegeEscalation: false } },
      {},
      {
        SecurityOpt: ['no-new-privileges'],
      },
    ],
    [
      'a profile',
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
      {},
      {
        SecurityOpt: ['seccomp=unconfined'],
      },
    ],
    [
      'limits',
      { resources: { limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: '250m' } } },
      {},
      {
        ...{
          CpuShares: 256,
          CpuQuota: 50_000,
          CpuPeriod: 100_000,
          Memory: 67_108_864,
          MemorySwap: 67_108_864,
        },
      },
    ],
    ['groups', {}, { securityContext: { fsGroup: 5, supplementalGroups: [6] } }, { GroupAdd: ['6', '5'] }],
    ['shared processes', {}, { shareProcessNamespace: true }, { PidMode: 'container:P' }],
    ['the machine', {}, { hostPID: true, hostIPC: true }, { PidMode: 'host', IpcMode: 'host' }],
  ];
  test.each(hosts)('has %s', (_, container, spec, wanted) => {
    expect(body(container, spec).HostConfig).toMatchObject(wanted);
  });

  test('has the processes of its target', () => {
    const made = containerBody({
      ...{ ref, labels: {}, pause: 'P', target: 'T', ours: [], engine: { kind: 'docker', hasLabels: false } },
      launch: launch({}, {}, {}),
    }) as Body;
    expect(made.HostConfig).toMatchObject({ PidMode: 'container:T', IpcMode: 'container:P' });
  });

  test("a Pod's own volume goes before a file of ours", () => {
    const mount = (source: string) => ({ source, target: '/etc/hosts', readOnly: false });
    const made = containerBody({
      ...{ ref, labels: {}, pause: 'P', engine: { kind: 'docker', hasLabels: false } },
      ours: [mount('/ours'), { source: '/log', target: '/dev/termination-log', readOnly: false }],
      launch: launch({}, {}, { mounts: [mount('/theirs')] }),
    }) as Body;
    expect((made.HostConfig.Mounts as { Source: string }[]).map(({ Source }) => Source)).toEqual([
      '/log',
      '/theirs',
    ]);
  });

  test('what kubelet refuses is refused in its words', () => {
    const nonRoot = { securityContext: { runAsNonRoot: true } };
    expect(() => body(nonRoot)).toThrow('image has non-numeric user (app), cannot verify user is non-root');
    expect(() => body({ securityContext: { capabilities: { add: ['FLY'] } } })).toThrow(
      'unknown capability "CAP_FLY"',
    );
  });
});

describe("a Pod's container", () => {
  const pod = (spec: Partial<PodSpec>, isPublished = false) =>
    podBody({
      ref,
      pod: { metadata: {}, spec: { containers: [], ...spec } },
      image: 'pause',
      labels: {},
      isPublished,
    }) as Body;

  test('has its name, and its settings of the kernel', () => {
    const sysctls = [{ name: 'net.ipv4.tcp_syncookies', value: '0' }];
    expect(pod({ securityContext: { sysctls } })).toMatchObject({
      Hostname: 'web',
      HostConfig: {
        ...{ NetworkMode: 'bridge', IpcMode: 'shareable' },
        Sysctls: { 'net.ipv4.tcp_syncookies': '0', 'net.ipv4.ip_unprivileged_port_start': '0' },
      },
    });
    expect(() => pod({ securityContext: { sysctls: [{ name: 'kernel.panic', value: '1' }] } })).toThrow(
      'forbidden sysctl: "kernel.panic" not allowlisted',
    );
  });

  test('publishes the ports that containers name only where it has to', () => {
    const ports = [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' as const }];
    const spec = { containers: [{ name: 'c', ports }] };
    expect(pod(spec)).not.toHaveProperty('ExposedPorts');
    const published = [{ HostIp: '127.0.0.1', HostPort: '' }];
    expect(pod(spec, true)).toMatchObject({
      ExposedPorts: { '80/tcp': {}, '53/udp': {} },
      HostConfig: { PortBindings: { '80/tcp': published, '53/udp': published } },
    });
    expect(pod({ ...spec, hostNetwork: true }, true)).not.toHaveProperty('ExposedPorts');
  });
});
