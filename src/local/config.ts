import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Features, featuresOf } from '../shared/kinds/features.ts';
import { table } from '../shared/meta/table.ts';
import type { ImageThresholds } from '../shared/ports/cloud.ts';
import type { AuditConfig } from './audit/index.ts';
import type { Rotation } from './audit/rotating.ts';
import { usualThresholds } from './drivers/images/nodeImages.ts';

type Environment = Record<string, string | undefined>;

/** Describes what `shallop up` was asked for, parsed once. */
export interface LocalConfig {
  dataDir: string;
  /** 0: any free one. Undefined: the one used last, else 6443, else any free one. */
  port: number | undefined;
  /** Address to listen on. */
  bind: string;
  /** Port of the first Node; 0: Nodes have none. Undefined: the one used last, else 10250, else any free one. */
  kubeletPort: number | undefined;
  runtime: Runtime;
  /** Says how many Nodes this machine is shown as. */
  nodes: number;
  /** Addresses to ask before a registry's own, by the registry's name. */
  registryMirrors: Record<string, string[]>;
  /** Says when images that nobody uses are removed. */
  imageThresholds: ImageThresholds;
  kubeconfig: string;
  context: string;
  /** Says whether Pods end with the control plane; kept Pods run on and are adopted by the next start. */
  stopPods: boolean;
  podNetwork: 'auto' | 'loopback' | 'netns';
  logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Says where the key that seals Secrets is: `folder`, `keychain` or the path of a file. */
  encryptionKey: string;
  /** Absent: no account is kept of requests. */
  audit?: AuditConfig;
  /** File that says who is told of changes; absent: nobody is. */
  eventRules?: string;
  features: Features;
}

/**
 * `auto`: on Linux containers where this machine can shut them in, elsewhere those of an engine that answers; else host
 * processes.
 */
export type Runtime = 'auto' | 'native' | 'engine' | 'process' | 'fake';

export interface UpFlags {
  port?: string;
  kubeletPort?: string | undefined;
  bind?: string;
  dataDir?: string;
  runtime?: string;
  nodes?: string;
  registryMirrors?: string[];
  imageGcHighThreshold?: string | undefined;
  imageGcLowThreshold?: string | undefined;
  kubeconfig?: string;
  context?: string;
  podNetwork?: string;
  logLevel?: string;
  encryptionKey?: string;
  auditPolicyFile?: string;
  auditLogPath?: string;
  auditLogMaxSize?: string;
  auditLogMaxBackup?: string;
  auditLogMaxAge?: string;
  eventRules?: string;
  featureGates?: string[];
  runtimeConfig?: string[];
  stopPods: boolean;
  allowRemote: boolean;
}

/** Throws an Error that says what to change. */
export function parseConfig(flags: UpFlags, env: Environment, cwd: string): LocalConfig {
  const bind = flags.bind ?? '127.0.0.1';
  const runtimes = ['auto', 'native', 'engine', 'process', 'fake'] as const;
  const config: LocalConfig = {
    dataDir: dataFolderOf(flags.dataDir, env, cwd),
    port: flags.port === undefined ? undefined : portOf('--port', flags.port),
    bind,
    kubeletPort: flags.kubeletPort === undefined ? undefined : portOf('--kubelet-port', flags.kubeletPort),
    runtime: oneOf('--runtime', flags.runtime ?? 'auto', runtimes),
    nodes: nodesOf(flags.nodes ?? '1'),
    registryMirrors: mirrorsOf(flags.registryMirrors ?? []),
    imageThresholds: thresholdsOf(flags),
    kubeconfig: kubeconfigOf(flags.kubeconfig, env, cwd),
    context: flags.context ?? 'shallop',
    stopPods: flags.stopPods,
    podNetwork: oneOf('--pod-network', flags.podNetwork ?? 'auto', ['auto', 'loopback', 'netns'] as const),
    logLevel: oneOf('--log-level', flags.logLevel ?? 'warn', ['debug', 'info', 'warn', 'error'] as const),
    encryptionKey: encryptionKeyOf(flags.encryptionKey, env, cwd),
    ...auditOf(flags, cwd),
    ...(flags.eventRules !== undefined && { eventRules: resolve(cwd, flags.eventRules) }),
    features: featuresOf({ gates: itemsOf(flags.featureGates), versions: itemsOf(flags.runtimeConfig) }),
  };
  if (config.runtime !== 'fake' && !isLoopback(bind) && !flags.allowRemote)
    throw new Error(
      `the process runtime runs commands on this machine for everybody with a credential, so it does not serve on ${bind}; say --allow-remote-processes if that is what you want`,
    );
  return config;
}

/** Values of a flag that may come several times, each with several items. */
const itemsOf = (flags: string[] = []): string[] =>
  flags.flatMap((flag) => flag.split(',')).filter((item) => item !== '');

/** Rules without a log, or a log without rules, would write nothing. */
function auditOf(flags: UpFlags, cwd: string): { audit?: AuditConfig } {
  const { auditPolicyFile: policy, auditLogPath: log } = flags;
  if (policy === undefined && log === undefined) return {};
  if (policy === undefined || log === undefined)
    throw new Error('--audit-policy-file and --audit-log-path are wanted together');
  return {
    audit: {
      policyFile: resolve(cwd, policy),
      logPath: log === '-' ? log : resolve(cwd, log),
      rotation: rotationOf(flags),
    },
  };
}

/** Without a size a file gets that of kube-apiserver's own. */
const usualMegabytes = 100;
const dayMs = 86_400_000;

function rotationOf({ auditLogMaxSize, auditLogMaxBackup, auditLogMaxAge }: UpFlags): Rotation {
  const count = (flag: string, text = '0') => {
    if (!/^\d+$/.test(text)) throw new Error(`${flag} must be a number, not ${text}`);
    return Number(text);
  };
  const files = count('--audit-log-maxbackup', auditLogMaxBackup);
  const days = count('--audit-log-maxage', auditLogMaxAge);
  return {
    mostBytes: (count('--audit-log-maxsize', auditLogMaxSize) || usualMegabytes) * 2 ** 20,
    ...(files > 0 && { mostFiles: files }),
    ...(days > 0 && { mostAgeMs: days * dayMs }),
  };
}

function encryptionKeyOf(flag: string | undefined, env: Environment, cwd: string): string {
  const chosen = flag ?? env.SHALLOP_ENCRYPTION_KEY ?? 'folder';
  return chosen === 'folder' || chosen === 'keychain' ? chosen : resolve(cwd, chosen);
}

/** @throws where the flag is given and empty, as of a variable that is not set: the usual folder is not what was meant. */
export function dataFolderOf(flag: string | undefined, env: Environment, cwd: string): string {
  if (flag === '') throw new Error('--data-dir must name a folder; it is empty');
  const chosen = flag ?? env.SHALLOP_DATA_DIR;
  if (chosen) return resolve(cwd, chosen);
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'shallop');
}

/** The first file of KUBECONFIG is the one that kubectl writes to. */
export function kubeconfigOf(flag: string | undefined, env: Environment, cwd: string): string {
  const first = env.KUBECONFIG?.split(process.platform === 'win32' ? ';' : ':').find(Boolean);
  return resolve(cwd, flag ?? first ?? join(homedir(), '.kube', 'config'));
}

/** Returns what a data folder keeps of Pods that run in an engine. */
export const enginePodsFolder = (dataDir: string): string => join(dataDir, 'engine');

export const imageMapIn = (dataDir: string): string => join(dataDir, 'images.json');

const isLoopback = (address: string) => /^127\.|^::1$|^localhost$/.test(address);

/** `docker.io=http://localhost:5000`, as often as there are mirrors. */
function mirrorsOf(flags: string[]): Record<string, string[]> {
  const mirrors: Record<string, string[]> = table({});
  for (const flag of flags) {
    const [, registry = '', url = ''] = /^([^=]+)=(https?:\/\/.+)$/.exec(flag) ?? [];
    if (!url) throw new Error(`--registry-mirror must be REGISTRY=URL, not ${flag}`);
    mirrors[registry] = [...(mirrors[registry] ?? []), url];
  }
  return mirrors;
}

function oneOf<T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (!found) throw new Error(`${flag} must be one of ${choices.join(', ')}, not ${value}`);
  return found;
}

const mostNodes = 1000;

function nodesOf(text: string): number {
  const nodes = Number(text);
  if (!/^\d+$/.test(text) || nodes < 1 || nodes > mostNodes)
    throw new Error(`--nodes must be a number from 1 to ${mostNodes}, not ${text}`);
  return nodes;
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new Error(`${flag} must be a port number, not ${text}`);
  return port;
}

/** A kubelet's defaults, and its words. */
function thresholdsOf({
  imageGcHighThreshold = `${usualThresholds.highPercent}`,
  imageGcLowThreshold = `${usualThresholds.lowPercent}`,
}: UpFlags): ImageThresholds {
  const percent = (field: string, flag: string, text: string) => {
    if (/^\d+$/.test(text) && Number(text) <= 100) return Number(text);
    throw new Error(`invalid configuration: ${field} (${flag}) ${text} must be between 0 and 100, inclusive`);
  };
  const high = ['imageGCHighThresholdPercent', '--image-gc-high-threshold'] as const;
  const low = ['imageGCLowThresholdPercent', '--image-gc-low-threshold'] as const;
  const [highPercent, lowPercent] = [
    percent(...high, imageGcHighThreshold),
    percent(...low, imageGcLowThreshold),
  ];
  if (lowPercent >= highPercent)
    throw new Error(
      `invalid configuration: ${low[0]} (${low[1]}) ${lowPercent} must be less than ${high[0]} (${high[1]}) ${highPercent}`,
    );
  return { ...usualThresholds, highPercent, lowPercent };
}
