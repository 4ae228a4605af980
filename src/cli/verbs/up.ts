import { isDetached, runDetached, tellReady } from '../detached.ts';
import type { Verb } from '../verb.ts';
import { dataDir, kubeconfigOptions } from './options.ts';

export const up: Verb = {
  name: 'up',
  summary: 'Start a control plane and serve its API until it is stopped',
  description: `One process, one data folder. It adds a context to your kubeconfig and touches nothing else there.
Stop it with Ctrl-C or 'shallop down'. The next start finds the same objects, and adopts the Pods that still run.`,
  usage: ['up [options]'],
  options: {
    ...dataDir,
    detach: {
      type: 'boolean',
      short: 'd',
      help: 'return when it is ready, and go on in the background; its output is up.log in the data folder',
    },
    port: {
      type: 'string',
      value: 'PORT',
      help: 'port to serve on (6443, or a free one if that is taken; 0: any free one)',
    },
    bind: { type: 'string', value: 'ADDRESS', help: 'address to serve on (127.0.0.1)' },
    'kubelet-port': {
      type: 'string',
      value: 'PORT',
      help: 'port of the first Node, on which it answers as its kubelet (10250, or a free one if that is taken; 0: none)',
    },
    runtime: {
      type: 'string',
      value: 'NAME',
      help: 'runtime of Pods: auto, native (containers; Linux), engine (Docker, Podman), process (host processes) or fake (nothing runs)',
    },
    nodes: {
      type: 'string',
      value: 'N',
      help: 'number of Nodes (1); the Pods of all of them run on this machine',
    },
    'registry-mirror': {
      type: 'string',
      multiple: true,
      value: 'REGISTRY=URL',
      help: 'a mirror to pull from before the registry: docker.io=http://localhost:5000',
    },
    'image-gc-high-threshold': {
      type: 'string',
      value: 'PERCENT',
      help: 'disk usage from which on unused images are removed (85; 100: never)',
    },
    'image-gc-low-threshold': {
      type: 'string',
      value: 'PERCENT',
      help: 'disk usage down to which they are removed (80)',
    },
    'pod-network': {
      type: 'string',
      value: 'NAME',
      help: 'addresses of Pods: auto, loopback (127.x.y.z) or netns (Linux)',
    },
    ...kubeconfigOptions,
    'stop-pods': {
      type: 'boolean',
      help: 'stop the Pods too when the control plane stops',
    },
    'allow-remote-processes': {
      type: 'boolean',
      help: 'let the process runtime serve on a public address: everybody with a credential can run commands on this machine',
    },
    'encryption-key': {
      type: 'string',
      value: 'WHERE',
      help: 'the key that encrypts Secrets at rest: folder (in the data folder), keychain, or a FILE (SHALLOP_ENCRYPTION_KEY)',
    },
    'audit-policy-file': {
      type: 'string',
      value: 'FILE',
      help: 'which requests are logged, and how much of each: a Policy of audit.k8s.io/v1',
    },
    'audit-log-path': {
      type: 'string',
      value: 'FILE',
      help: 'where they are logged, one on each line (-: stdout)',
    },
    'audit-log-maxsize': {
      type: 'string',
      value: 'MEGABYTES',
      help: 'maximum size of that file before it is rotated (100)',
    },
    'audit-log-maxbackup': { type: 'string', value: 'N', help: 'number of rotated files to keep (0: all)' },
    'audit-log-maxage': {
      type: 'string',
      value: 'DAYS',
      help: 'age up to which rotated files are kept (0: for ever)',
    },
    'event-rules': {
      type: 'string',
      value: 'FILE',
      help: 'which webhooks get changes of objects: EventRules of events.shallop.dev/v1 (docs/events.md)',
    },
    'feature-gates': {
      type: 'string',
      multiple: true,
      value: 'NAME=BOOL',
      help: 'features that are off by default in Kubernetes 1.35: MutatingAdmissionPolicy=true',
    },
    'runtime-config': {
      type: 'string',
      multiple: true,
      value: 'VERSION=BOOL',
      help: 'API versions that are off by default: admissionregistration.k8s.io/v1beta1=true',
    },
    'log-level': { type: 'string', value: 'LEVEL', help: 'debug, info, warn or error (warn)' },
  },
  unread: 'goOn',
  run: async (call, io) => {
    if (call.flag('detach') && !isDetached()) {
      const { dataFolderOf } = await import('../../local/config.ts');
      return runDetached(dataFolderOf(call.text('data-dir'), io.env, io.cwd), io);
    }
    // A signal during the start is heeded after it, so that everything ends in order.
    const { interrupted } = io;
    const { keepHeapSmall } = await import('../../local/heap.ts');
    keepHeapSmall();
    const { parseConfig } = await import('../../local/config.ts');
    const config = parseConfig(
      {
        port: call.text('port'),
        bind: call.text('bind'),
        kubeletPort: call.text('kubelet-port'),
        dataDir: call.text('data-dir'),
        runtime: call.text('runtime'),
        nodes: call.text('nodes'),
        registryMirrors: call.texts('registry-mirror'),
        imageGcHighThreshold: call.text('image-gc-high-threshold'),
        imageGcLowThreshold: call.text('image-gc-low-threshold'),
        kubeconfig: call.text('kubeconfig'),
        context: call.text('context'),
        podNetwork: call.text('pod-network'),
        logLevel: call.text('log-level'),
        encryptionKey: call.text('encryption-key'),
        auditPolicyFile: call.text('audit-policy-file'),
        auditLogPath: call.text('audit-log-path'),
        auditLogMaxSize: call.text('audit-log-maxsize'),
        auditLogMaxBackup: call.text('audit-log-maxbackup'),
        auditLogMaxAge: call.text('audit-log-maxage'),
        eventRules: call.text('event-rules'),
        featureGates: call.texts('feature-gates'),
        runtimeConfig: call.texts('runtime-config'),
        stopPods: call.flag('stop-pods'),
        allowRemote: call.flag('allow-remote-processes'),
      },
      io.env,
      io.cwd,
    );
    const { startLocal } = await import('../../local/index.ts');
    const server = await startLocal(config, {
      ...{ say: io.out, warn: io.err },
      ...(io.isHeard && { isHeard: io.isHeard }),
    });
    server.spareThisProcess?.();
    tellReady();
    const { removeLeftovers } = await import('../dev/leftovers.ts');
    removeLeftovers(io.out).catch((error) => io.err(`Warning: ${error.message}`));
    await new Promise<void>((resolve) => {
      if (interrupted.aborted) return resolve();
      interrupted.addEventListener('abort', () => resolve());
    });
    io.out(config.stopPods ? 'stopping, and the Pods with it' : 'stopping; Pods run on');
    await server.stop();
    return 0;
  },
};
