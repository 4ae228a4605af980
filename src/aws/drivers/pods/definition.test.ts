import { randomBytes } from 'node:crypto';
import type { HealthCheck } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { filesIn } from '../../../../test/support/aws/projector.ts';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type {
  Container,
  Lifecycle,
  PersistentVolumeSpec,
  Pod,
  PodSpec,
  Probe,
  Secret,
} from '../../../shared/kinds/schema/types.ts';
import type { ProbeKind } from '../../../shared/podspec/probe.ts';
import type { PodRef, PodSources } from '../../../shared/ports/cloud.ts';
import { viewsOf } from './context.ts';
import { type Blueprint, blueprintOf } from './definition.ts';
import { firstAttempt } from './identity.ts';
import { healthCheck } from './probes.ts';
import { runTaskRequest } from './runTask.ts';
import { serviceLinks } from './serviceLinks.ts';
import { ignored, leftOut, unsupported } from './unsupported.ts';

const secrets: Record<string, Secret> = {
  s: { metadata: { name: 's', uid: 's' }, data: { pass: 'aGk=', raw: '/w==' } },
  reg: {
    metadata: { name: 'reg', uid: 'r' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from('{"auths":{"https://ghcr.io/v1":{}}}').toString('base64') },
  },
};
const csi = (volumeHandle: string) => ({ csi: { driver: 'efs.csi.aws.com', volumeHandle } });
const claimed: Record<string, PersistentVolumeSpec> = {
  point: csi('fs-0a1b::fsap-2c'),
  whole: csi('fs-0a1b'),
  path: csi('fs-0a1b:/data'),
  both: csi('fs-0a1b:/data:fsap-2c'),
  nfs: { nfs: { server: 'fs-0a1b.efs.us-east-1.amazonaws.com', path: '/data' } },
  disk: { hostPath: { path: '/data' } },
};
const sources: PodSources = {
  configMap: async (name) =>
    name === 'cm'
      ? { metadata: { name }, data: { 'app.conf': 'x=1', LEVEL: 'debug' } }
      : name === 'big'
        ? { metadata: { name }, binaryData: { big: randomBytes(70_000).toString('base64') } }
        : undefined,
  secret: async (name) => secrets[name],
  services: async () => [
    { metadata: { name: 'db', namespace: 'ns' }, spec: { clusterIP: '10.96.0.9', ports: [{ port: 5432 }] } },
  ],
  token: async () => 'token',
  clusterCa: () => 'PEM',
  serviceAccount: async (name) =>
    name === 'robot'
      ? {
          metadata: {
            name,
            uid: 'uid-robot',
            annotations: {
              'eks.amazonaws.com/role-arn': 'arn:aws:iam::0:role/shallop/test/default/ns/robot/app',
            },
          },
        }
      : undefined,
  volume: async (claim) => claimed[claim] && { metadata: {}, spec: claimed[claim] },
};
const vault = { find: async ({ name }: { name: string }) => ({ arn: `arn:secret:${name}` }) };
const refOf = (name = 'web-1'): PodRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-of-${name}`,
});
const build = (pod: Pod, ref = refOf()) =>
  blueprintOf(viewsOf(ref, pod, sources, { secrets: vault }), settings);
const one = (container: Partial<Container>, more: Partial<PodSpec> = {}) =>
  podOf({ containers: [{ name: 'c', image: 'nginx:1', ...container }], ...more });
const containerIn = ({ definition }: Blueprint, name = 'c') =>
  definition.containerDefinitions?.find((each) => each.name === name);

test('a plain Pod is a task definition and a request, field by field', async () => {
  const pod = one({
    ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } },
    command: ['nginx', '-g', 'daemon off;'],
    workingDir: '/srv',
    securityContext: {
      runAsUser: 1000,
      runAsGroup: 2000,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  });
  const blueprint = await build({ ...pod, spec: { ...pod.spec!, enableServiceLinks: false } });
  expect(blueprint.definition).toEqual({
    family: expect.stringMatching(/^shallop-test-[0-9a-f]{32}$/),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    executionRoleArn: settings.executionRole,
    volumes: [],
    tags: [{ key: 'shallop.dev/deployment', value: 'test' }],
    containerDefinitions: [
      {
        name: 'c',
        image: 'nginx:1',
        essential: true,
        entryPoint: ['nginx'],
        command: ['-g', 'daemon off;'],
        environment: [],
        secrets: [],
        cpu: 256,
        memory: 512,
        memoryReservation: 256,
        mountPoints: [],
        workingDirectory: '/srv',
        user: '1000:2000',
        readonlyRootFilesystem: true,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        stopTimeout: 30,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/shallop/test/pods',
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'pod',
            mode: 'non-blocking',
            'max-buffer-size': '4m',
          },
        },
      },
    ],
  });
  expect(runTaskRequest(refOf(), pod, firstAttempt, blueprint, settings)).toEqual({
    cluster: 'pods',
    taskDefinition: blueprint.definition.family,
    count: 1,
    clientToken: 'uid-of-web-1-0',
    startedBy: 'uid-of-web-1',
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: ['sg-1'], assignPublicIp: 'ENABLED' },
    },
    overrides: {
      containerOverrides: [
        {
          name: 'c',
          environment: [
            { name: 'HOSTNAME', value: 'web-1' },
            { name: 'SHALLOP_POD', value: 'test/default/ns/web-1' },
            { name: 'SHALLOP_ATTEMPT', value: '0/nothing/0/0' },
          ],
        },
      ],
    },
    tags: [
      { key: 'shallop.dev/deployment', value: 'test' },
      { key: 'shallop.dev/cluster', value: 'default' },
      { key: 'shallop.dev/namespace', value: 'ns' },
      { key: 'shallop.dev/name', value: 'web-1' },
      { key: 'shallop.dev/uid', value: 'uid-of-web-1' },
    ],
  });
});

describe('where it runs', () => {
  const placed = async (pod: Pod) => {
    const blueprint = await build(pod);
    const request = runTaskRequest(refOf(), pod, firstAttempt, blueprint, settings);
    return [
      blueprint.definition.runtimePlatform?.cpuArchitecture,
      request.capacityProviderStrategy?.[0]?.capacityProvider ?? request.launchType,
      request.networkConfiguration?.awsvpcConfiguration?.subnets?.join(),
    ];
  };
  test.each([
    ['by its Node', { nodeName: 'fargate-us-east-1b' }, {}, ['X86_64', 'FARGATE', 'subnet-b']],
    [
      'on Spot by its Node',
      { nodeName: 'fargate-spot-us-east-1a' },
      {},
      ['X86_64', 'FARGATE_SPOT', 'subnet-a'],
    ],
    [
      'D2: on ARM by its Node',
      { nodeName: 'fargate-us-east-1a-arm64' },
      {},
      ['ARM64', 'FARGATE', 'subnet-a'],
    ],
    [
      'D2: on ARM by selector',
      { nodeSelector: { 'kubernetes.io/arch': 'arm64' } },
      {},
      ['ARM64', 'FARGATE', 'subnet-a'],
    ],
    [
      'D14: on demand as its Node says, though it tolerates Spot',
      { tolerations: [{ key: 'shallop.dev/capacity-type', value: 'spot' }] },
      {},
      ['X86_64', 'FARGATE', 'subnet-a'],
    ],
    [
      'on Spot by annotation, without a known Node',
      { nodeName: 'other' },
      { annotations: { 'shallop.dev/capacity-type': 'spot' } },
      ['X86_64', 'FARGATE_SPOT', 'subnet-a,subnet-b'],
    ],
    ['anywhere without a known Node', { nodeName: 'other' }, {}, ['X86_64', 'FARGATE', 'subnet-a,subnet-b']],
  ])('%s', async (_, spec, metadata, wanted) => {
    expect(await placed(podOf({ containers: [{ name: 'c', image: 'i' }], ...spec }, metadata))).toEqual(
      wanted,
    );
  });
});

describe('environment', () => {
  test('what siblings share is in the definition, what is the Pod’s own in the override', async () => {
    const pod = one({
      env: [
        { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'cm', key: 'LEVEL' } } },
        { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'GREETING', value: 'I am $(ME) at $(LEVEL)' },
        { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        { name: 'PASS', valueFrom: { secretKeyRef: { name: 's', key: 'pass' } } },
      ],
      args: ['--name', '$(ME)'],
    });
    pod.metadata.annotations = { [serviceLinks]: 'true' };
    const [a, b] = [await build(pod), await build(pod, refOf('web-2'))];
    expect(a.definition).toEqual(b.definition);
    expect(containerIn(a)?.environment).toEqual(
      expect.arrayContaining([
        { name: 'DB_SERVICE_HOST', value: 'db.ns.svc.cluster.local' },
        { name: 'LEVEL', value: 'debug' },
        { name: 'MEMORY', value: '512' },
      ]),
    );
    expect(containerIn(a)?.secrets).toEqual([{ name: 'PASS', valueFrom: 'arn:secret:s:pass::' }]);
    expect(a.overrides).toEqual([
      {
        name: 'c',
        command: ['--name', 'web-1'],
        environment: [
          { name: 'GREETING', value: 'I am web-1 at debug' },
          { name: 'ME', value: 'web-1' },
          { name: 'HOSTNAME', value: 'web-1' },
        ],
      },
    ]);
    expect(JSON.stringify(a)).not.toContain('"hi"');
  });

  test.each([
    [
      'a Secret within other text',
      {
        env: [
          { name: 'P', valueFrom: { secretKeyRef: { name: 's', key: 'pass' } } },
          { name: 'URL', value: 'x:$(P)' },
        ],
      },
      'env URL expands $(P), which comes from a Secret',
    ],
    [
      'a Secret in the command',
      { env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 's', key: 'pass' } } }], args: ['$(P)'] },
      'the command expands $(P), which comes from a Secret',
    ],
    [
      'a part of a volume that is mounted as a whole too',
      {
        volumeMounts: [
          { name: 'v', mountPath: '/x', subPath: 'y' },
          { name: 'v', mountPath: '/z' },
        ],
      },
      'volumeMount "/x": Fargate mounts whole volumes',
    ],
    [
      'a volume that is not there',
      { volumeMounts: [{ name: 'w', mountPath: '/x' }] },
      'volumeMount "/x": there is no volume "w"',
    ],
  ])('%s is refused, saying why', async (_, container, message) => {
    await expect(async () =>
      build(one(container, { volumes: [{ name: 'v', emptyDir: {} }] })),
    ).rejects.toThrow(message);
  });

  test('what differs too much from its siblings does not fit', async () => {
    const env = Array.from({ length: 50 }, (_, i) => ({
      name: `V${i}`,
      value: `$(ME)${'x'.repeat(200)}`,
    }));
    const pod = one({
      env: [{ name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, ...env],
    });
    const blueprint = await build(pod);
    expect(() => runTaskRequest(refOf(), pod, firstAttempt, blueprint, settings)).toThrow(
      /takes \d+ characters/,
    );
  });
});

describe('order', () => {
  test('init containers one after another, sidecars beside, the others after all', async () => {
    const exec = { exec: { command: ['true'] } };
    const blueprint = await build(
      podOf({
        initContainers: [
          { name: 'a', image: 'i' },
          { name: 'side', image: 'i', restartPolicy: 'Always', startupProbe: exec },
          { name: 'b', image: 'i' },
        ],
        containers: [{ name: 'c', image: 'i' }],
      }),
    );
    const waits = (name: string) =>
      containerIn(blueprint, name)?.dependsOn?.map((d) => `${d.containerName} ${d.condition}`) ?? [];
    expect(waits('a')).toEqual([]);
    expect(waits('side')).toEqual(['a SUCCESS']);
    expect(waits('b')).toEqual(['a SUCCESS', 'side HEALTHY']);
    expect(waits('c')).toEqual(['a SUCCESS', 'side HEALTHY', 'b SUCCESS']);
    expect(blueprint.definition.containerDefinitions?.map(({ essential }) => essential)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('where several may end for good, only the one that waits for all is essential', async () => {
    const containers = [
      { name: 'a', image: 'i' },
      { name: 'b', image: 'i' },
    ];
    const essentials = async (restartPolicy: PodSpec['restartPolicy']) =>
      (await build(podOf({ containers, restartPolicy }))).definition.containerDefinitions
        ?.filter(({ essential }) => essential)
        .map(({ name }) => name);
    expect(await essentials('Always')).toEqual(['a', 'b']);
    expect(await essentials('OnFailure')).toEqual(['shallop-keeper']);
  });
});

test('probes are commands inside, or of a helper beside', async () => {
  const ports = [{ name: 'http', containerPort: 8080 }];
  const blueprint = await build(
    one({
      ports,
      livenessProbe: { exec: { command: ['check'] }, periodSeconds: 1, failureThreshold: 99 },
      readinessProbe: {
        httpGet: { port: 'http', path: 'ready', httpHeaders: [{ name: 'X', value: 'y' }] },
        initialDelaySeconds: 3,
      },
      startupProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 5 },
    }),
  );
  expect(containerIn(blueprint)?.healthCheck).toEqual({
    command: ['CMD', 'check'],
    interval: 10,
    timeout: 2,
    retries: 10,
    startPeriod: 0,
  });
  expect(containerIn(blueprint, 'shallop-readiness-c')).toMatchObject({
    image: 'busybox',
    essential: false,
    dependsOn: [{ containerName: 'c', condition: 'START' }],
    healthCheck: {
      command: [
        'CMD',
        'wget',
        '-q',
        '-T',
        '1',
        '-O',
        '/dev/null',
        '--no-check-certificate',
        '--header',
        'X: y',
        'http://127.0.0.1:8080/ready',
      ],
      interval: 10,
      startPeriod: 3,
    },
  });
  expect(containerIn(blueprint, 'shallop-startup-c')?.healthCheck?.command).toEqual([
    'CMD',
    'nc',
    '-z',
    '-w',
    '5',
    '127.0.0.1',
    '8080',
  ]);
});

test.each<[string, ProbeKind, Probe, Partial<HealthCheck>]>([
  ['defaults', 'readiness', {}, { interval: 10, retries: 3, startPeriod: 0, timeout: 2 }],
  ['too often', 'liveness', { periodSeconds: 1, failureThreshold: 3 }, { interval: 5, retries: 1 }],
  [
    'too many failures',
    'liveness',
    { periodSeconds: 10, failureThreshold: 30 },
    { interval: 30, retries: 10 },
  ],
  [
    'a patient start',
    'startup',
    { periodSeconds: 10, failureThreshold: 30 },
    { interval: 10, retries: 1, startPeriod: 300 },
  ],
  [
    'a very patient start',
    'startup',
    { periodSeconds: 10, failureThreshold: 60 },
    { interval: 30, retries: 10, startPeriod: 300 },
  ],
  ['a delay', 'readiness', { initialDelaySeconds: 20 }, { startPeriod: 20, retries: 3 }],
])('the time of a probe: %s', (_, kind, probe, wanted) => {
  expect(healthCheck(probe, kind, ['CMD'])).toMatchObject(wanted);
});

describe('volumes', () => {
  const volumes: PodSpec['volumes'] = [
    { name: 'kube-api-access-abcde', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
    { name: 'conf', configMap: { name: 'cm', defaultMode: 0o600 } },
    { name: 'secret', secret: { secretName: 's', items: [{ key: 'pass', path: "it's/here" }] } },
    { name: 'me', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    { name: 'scratch', emptyDir: {} },
  ];
  const volumeMounts = volumes.map(({ name }, i) => ({ name, mountPath: `/m${i}`, readOnly: i === 1 }));
  const pod = one({ volumeMounts }, { volumes, securityContext: { fsGroup: process.getgid?.() ?? 0 } });

  test('names of volumes are positions, the one for API tokens is left out', async () => {
    const blueprint = await build(pod);
    expect(blueprint.definition.volumes).toEqual([
      { name: 'v0' },
      { name: 'v1' },
      { name: 'v2' },
      { name: 'v3' },
    ]);
    expect(containerIn(blueprint)?.mountPoints).toEqual([
      { sourceVolume: 'v0', containerPath: '/m1', readOnly: true },
      { sourceVolume: 'v1', containerPath: '/m2', readOnly: false },
      { sourceVolume: 'v2', containerPath: '/m3', readOnly: false },
      { sourceVolume: 'v3', containerPath: '/m4', readOnly: false },
    ]);
    expect(containerIn(blueprint)?.dependsOn).toEqual([
      { containerName: 'shallop-projector', condition: 'SUCCESS' },
    ]);
    expect((await build(pod, refOf('web-2'))).definition).toEqual(blueprint.definition);
  });

  test('the script writes them', async () => {
    const blueprint = await build(pod);
    const modes: Record<string, number> = {};
    expect(await filesIn(blueprint, 'hi', modes)).toEqual({
      'v0/LEVEL': 'debug',
      'v0/app.conf': 'x=1',
      "v1/it's/here": 'hi',
      'v2/name': 'web-1',
    });
    expect(modes['v0/app.conf']! & 0o700).toBe(0o600);
    expect(modes.v3! & 0o777).toBe(0o777);
  });

  test.each([
    [
      'what is not there',
      { configMap: { name: 'missing' } },
      'MountVolume.SetUp failed for volume "v" : configmap "missing" not found',
    ],
    [
      'a Secret that is not text',
      { secret: { secretName: 's', items: [{ key: 'raw', path: 'r' }] } },
      'key raw of secret "s" is not text',
    ],
    ['more than a definition holds', { configMap: { name: 'big' } }, 'a task definition of 9'],
  ])('%s keeps the Pod waiting', async (_, source, message) => {
    await expect(build(one({}, { volumes: [{ name: 'v', ...source }] }))).rejects.toThrow(message);
  });
});

test('parts of an empty volume are volumes', async () => {
  const pod = podOf({
    volumes: [{ name: 'v', emptyDir: {} }],
    initContainers: [
      { name: 'i', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/in', subPath: 'conf' }] },
    ],
    containers: [
      {
        name: 'c',
        image: 'i',
        volumeMounts: [
          { name: 'v', mountPath: '/tmp', subPath: 'tmp' },
          { name: 'v', mountPath: '/etc/app', subPath: 'conf' },
        ],
      },
    ],
  });
  const blueprint = await build(pod);
  expect(blueprint.definition.volumes).toEqual([{ name: 'v0-0' }, { name: 'v0-1' }]);
  const mounts = (name: string) =>
    containerIn(blueprint, name)?.mountPoints?.map((m) => `${m.sourceVolume} ${m.containerPath}`);
  expect(mounts('i')).toEqual(['v0-0 /in']);
  expect(mounts('c')).toEqual(['v0-1 /tmp', 'v0-0 /etc/app']);
  expect(containerIn(blueprint, 'shallop-projector')?.command?.[0]).toContain('chmod 0777 /shallop/v0-1');
});

test('an NFS volume on EFS is mounted as such, with nothing to fill', async () => {
  const nfs = { server: 'fs-0a1b.efs.us-east-1.amazonaws.com', path: '/data' };
  const blueprint = await build(
    one({ volumeMounts: [{ name: 'v', mountPath: '/d' }] }, { volumes: [{ name: 'v', nfs }] }),
  );
  expect(blueprint.definition.volumes).toEqual([
    {
      name: 'v0',
      efsVolumeConfiguration: {
        fileSystemId: 'fs-0a1b',
        rootDirectory: '/data',
        transitEncryption: 'ENABLED',
      },
    },
  ]);
  expect(blueprint.definition.containerDefinitions).toHaveLength(1);
});

describe('a claim', () => {
  const claiming = (claimName: string, readOnly = false) =>
    one(
      { volumeMounts: [{ name: 'v', mountPath: '/d' }] },
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName, readOnly } }] },
    );
  const efs = { fileSystemId: 'fs-0a1b', rootDirectory: '/', transitEncryption: 'ENABLED' };
  test.each([
    ['point', { ...efs, authorizationConfig: { accessPointId: 'fsap-2c' } }],
    ['whole', efs],
    ['path', { ...efs, rootDirectory: '/data' }],
    ['nfs', { ...efs, rootDirectory: '/data' }],
  ])('of a %s on EFS', async (name, efsVolumeConfiguration) => {
    const blueprint = await build(claiming(name, true));
    expect(blueprint.definition.volumes).toEqual([{ name: 'v0', efsVolumeConfiguration }]);
    expect(containerIn(blueprint)?.mountPoints).toEqual([
      { sourceVolume: 'v0', containerPath: '/d', readOnly: true },
    ]);
    expect(blueprint.definition.containerDefinitions).toHaveLength(1);
  });

  test.each([
    ['whole', '/a/b'],
    ['path', '/data/a/b'],
    ['nfs', '/data/a/b'],
  ])('of a folder of a %s on EFS, beside the whole of it', async (claimName, rootDirectory) => {
    const volumeMounts = [
      { name: 'v', mountPath: '/part', subPath: 'a/b' },
      { name: 'v', mountPath: '/whole' },
    ];
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName } }];
    const blueprint = await build(one({ volumeMounts }, { volumes }));
    const [whole, part] = blueprint.definition.volumes ?? [];
    expect([whole?.name, part?.name]).toEqual(['v0', 'v0-0']);
    expect(part?.efsVolumeConfiguration).toEqual({ ...efs, rootDirectory });
    expect(containerIn(blueprint)?.mountPoints).toEqual([
      { sourceVolume: 'v0-0', containerPath: '/part', readOnly: false },
      { sourceVolume: 'v0', containerPath: '/whole', readOnly: false },
    ]);
  });

  const partly = one(
    { volumeMounts: [{ name: 'v', mountPath: '/d', subPath: 'a' }] },
    { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'point' } }] },
  );
  test('of a folder of an access point has that of the folder', async () => {
    const pointOf = async (id: string, path: string) => `${id}/${path}`;
    const { definition } = await blueprintOf(
      viewsOf(refOf(), partly, sources, { volumeParts: { pointOf, tidy: async () => {} } }),
      settings,
    );
    expect(definition.volumes).toEqual([
      {
        name: 'v0-0',
        efsVolumeConfiguration: { ...efs, authorizationConfig: { accessPointId: 'fsap-2c/a' } },
      },
    ]);
  });

  test.each([
    ['Invalid', 'CreateContainerConfigError'],
    ['ServiceUnavailable', 'ContainerCreating'],
  ] as const)('of a folder that is %s waits with %s', async (reason, shown) => {
    const pointOf = async () => {
      throw new ApiError(reason, 'EFS says no');
    };
    const views = viewsOf(refOf(), partly, sources, { volumeParts: { pointOf, tidy: async () => {} } });
    await expect(blueprintOf(views, settings)).rejects.toMatchObject({
      name: 'ConfigError',
      reason: shown,
      message: 'failed to prepare subPath "a" of volume "v": EFS says no',
    });
  });

  test.each([
    ['none', 'persistentvolumeclaim "none" is not bound to a volume'],
    ['disk', 'volume "v": Fargate mounts claims of volumes on EFS only'],
    ['both', 'ECS mounts an access point of EFS or a path of a file system, not a path of both'],
  ])('of %s waits, saying why', async (name, message) => {
    await expect(build(claiming(name))).rejects.toMatchObject({ name: 'ConfigError', message });
  });
});

test('containers may share their processes', async () => {
  expect((await build(one({}, { shareProcessNamespace: true }))).definition.pidMode).toBe('task');
  expect((await build(one({}))).definition).not.toHaveProperty('pidMode');
});

test('D11: a role has to stand under the path of its cluster, namespace and account', async () => {
  const pod = one({}, { serviceAccountName: 'robot' });
  await expect(build(pod)).resolves.toBeDefined();
  for (const elsewhere of [{ namespace: 'other' }, { cluster: 'red' }])
    await expect(build(pod, { ...refOf(), ...elsewhere })).rejects.toThrow(
      /serviceaccount "robot" may have roles under the path \/shallop\/test\/(red\/ns|default\/other)\/robot\/ only/,
    );
});

test('a service account brings its role, a pull secret its credentials', async () => {
  const spec = { serviceAccountName: 'robot', imagePullSecrets: [{ name: 'gone' }, { name: 'reg' }] };
  const mine = await build(one({ image: 'ghcr.io/a/b:1' }, spec));
  expect(mine.definition.taskRoleArn).toBe('arn:aws:iam::0:role/shallop/test/default/ns/robot/app');
  // Only a task with a role may be entered.
  const request = runTaskRequest(refOf(), one({}), firstAttempt, mine, settings);
  expect(request.enableExecuteCommand).toBe(true);
  expect(containerIn(mine)?.repositoryCredentials).toEqual({ credentialsParameter: 'arn:secret:reg' });
  expect(containerIn(await build(one({ image: 'nginx' }, spec)))).not.toHaveProperty('repositoryCredentials');
});

test.each([
  { cluster: 'default', apiHost: 'api.example', host: 'api.example' },
  { cluster: 'default', apiHost: undefined, host: undefined },
  { cluster: 'red', apiHost: 'api.example', host: undefined },
])('a Pod of $cluster finds the API at $apiHost under $host', async ({ cluster, apiHost, host }) => {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const api = { metadata, spec: { clusterIP: '10.96.0.1', ports: [{ port: 443 }] } };
  const views = viewsOf(
    { ...refOf(), cluster },
    one({}),
    { ...sources, services: async () => [api] },
    { secrets: vault, ...(apiHost && { apiHost }) },
  );
  const variables = JSON.stringify(await blueprintOf(views, settings));
  if (host) expect(variables).toContain(`{"name":"KUBERNETES_SERVICE_HOST","value":"${host}"}`);
  else expect(variables).not.toContain('KUBERNETES_SERVICE_HOST');
});

describe('not supported', () => {
  test.each<[string, Partial<PodSpec>]>([
    ['hostNetwork', { hostNetwork: true }],
    ['volumes.hostPath', { volumes: [{ name: 'v', hostPath: { path: '/' } }] }],
    ['securityContext.privileged', { containers: [{ name: 'c', securityContext: { privileged: true } }] }],
    [
      'securityContext.capabilities.add: NET_ADMIN',
      { containers: [{ name: 'c', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }] },
    ],
    [
      'volumes.nfs of a server other than EFS',
      { volumes: [{ name: 'v', nfs: { server: 'nas', path: '/' } }] },
    ],
    [
      'securityContext.seccompProfile.type: Localhost',
      { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' } } },
    ],
    ['ports.hostPort', { containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort: 1 }] }] }],
    [
      'volumes.projected.serviceAccountToken where Pods do not reach the API',
      {
        volumes: [
          { name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'vault' } }] } },
        ],
      },
    ],
  ])('%s', (field, spec) => {
    expect(unsupported(podOf({ containers: [{ name: 'c' }], ...spec }), false)).toBe(
      `Pod not supported on Fargate: fields not supported: ${field}`,
    );
  });

  test.each<[string, Partial<PodSpec>]>([
    ['volumes.emptyDir.medium', { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] }],
    [
      'securityContext.runAsNonRoot of containers without runAsUser',
      { securityContext: { runAsNonRoot: true } },
    ],
    [
      'securityContext.seccompProfile.type: Unconfined',
      { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    ],
    ['securityContext.supplementalGroups', { securityContext: { supplementalGroups: [7] } }],
    ['imagePullPolicy: Never', { containers: [{ name: 'c', imagePullPolicy: 'Never' }] }],
    ['lifecycle.stopSignal', { containers: [{ name: 'c', lifecycle: { stopSignal: 'SIGUSR1' } }] }],
    ['hostAliases', { hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }] }],
    ['dnsConfig', { dnsConfig: { options: [{ name: 'ndots', value: '1' }] } }],
    ['terminationGracePeriodSeconds beyond 120', { terminationGracePeriodSeconds: 121 }],
  ])('D9: but %s is left out, and said', (field, spec) => {
    const pod = podOf({ containers: [{ name: 'c' }], ...spec });
    expect(unsupported(pod, true)).toBeUndefined();
    expect(ignored(pod)).toEqual([field]);
  });

  test('more than the largest size', () => {
    const containers = [{ name: 'c', resources: { requests: { cpu: '33' } } }];
    expect(unsupported(podOf({ containers }), true)).toMatch(/exceed 32 vCPU or 244 GiB/);
  });

  test('more than ten containers', async () => {
    const containers = Array.from({ length: 11 }, (_, i) => ({ name: `c${i}`, image: 'i' }));
    await expect(build(podOf({ containers }))).rejects.toThrow('it needs 11 containers');
  });
});

test('a gRPC probe that may take a minute is done before ECS gives its check up', async () => {
  const livenessProbe = { grpc: { port: 50051 }, timeoutSeconds: 90 };
  const check = containerIn(await build(one({ livenessProbe })), 'shallop-liveness-c')?.healthCheck;
  expect(check?.timeout).toBe(60);
  expect(check?.command?.at(-1)).toContain('sleep 58');
  expect(check?.command?.at(-1)).toContain('timeout 58 nc');
});

describe('preStop hooks', () => {
  const hooked = (count: number, preStop: Lifecycle['preStop']) =>
    podOf({
      containers: Array.from({ length: count }, (_, i) => ({
        name: `c${i}`,
        image: 'i',
        command: ['app'],
        lifecycle: { preStop },
      })),
    });
  const command = { exec: { command: ['drain'] } };
  const request = { httpGet: { port: 80 } };

  test.each([
    [8, command, 10],
    [9, request, 10],
  ])('of %i containers take one more', async (count, preStop, all) => {
    const blueprint = await build(hooked(count, preStop));
    expect(blueprint.definition.containerDefinitions).toHaveLength(all);
    expect(blueprint.crowdedOut).toBeUndefined();
  });

  test.each([
    [9, command],
    [10, request],
  ])('of %i containers are left out where there is no place for them, and said', async (count, preStop) => {
    const pod = hooked(count, preStop);
    const { definition, crowdedOut } = await build(pod);
    expect(definition.containerDefinitions?.map(({ name }) => name)).toEqual(
      pod.spec?.containers.map(({ name }) => name),
    );
    expect(definition.containerDefinitions?.[0]?.entryPoint).toEqual(['app']);
    expect(crowdedOut).toHaveLength(count);
    expect(leftOut(pod, crowdedOut)).toContainEqual({
      type: 'Warning',
      reason: 'UnsupportedLifecycleHook',
      message: expect.stringContaining('The preStop hook of container c8 does not run on Fargate'),
      fieldPath: 'spec.containers{c8}',
    });
  });

  test('are no reason for what does not fit without them either', async () => {
    await expect(build(hooked(11, request))).rejects.toThrow('it needs 11 containers');
  });
});
