import type { KeyToPath, Volume, VolumeProjection } from '../kinds/schema/types.ts';
import { table } from '../meta/table.ts';
import { ConfigError, type PodContext } from './context.ts';
import { fieldValue, resourceValue } from './downward.ts';

/** A volume's files by their path inside it. */
export type VolumeFiles = Map<string, VolumeFile>;

export interface VolumeFile {
  data: Uint8Array;
  mode: number;
  /** The key of a Secret whose value it is. */
  secret?: { name: string; key: string };
  /** It is a service-account token for this audience, good for so long; audience `` is the API's own. */
  token?: { audience: string; expirationSeconds: number };
}

const defaultFileMode = 0o644;

/** Does the volume consist of files made from objects, which follow them when they change? */
export const isProjected = ({ configMap, secret, projected, downwardAPI }: Volume): boolean =>
  Boolean(configMap || secret || projected || downwardAPI);

/** Are files of volumes made from objects of this kind? */
export const isSource = ({ resource }: { resource: string }): boolean =>
  resource === 'configmaps' || resource === 'secrets';

/** Are its files made from this object, among others? */
export const isMadeOf = (
  { configMap, secret, projected }: Volume,
  resource: string,
  name: string,
): boolean => {
  const sources = projected?.sources ?? [];
  const names: Record<string, (string | undefined)[]> = table({
    configmaps: [configMap?.name, ...sources.map((source) => source.configMap?.name)],
    secrets: [secret?.secretName, ...sources.map((source) => source.secret?.name)],
  });
  return names[resource]?.includes(name) ?? false;
};

/** The files of a ConfigMap, Secret, downward API or projected volume. Throws ConfigError for what is not there. */
export async function volumeFiles(volume: Volume, context: PodContext): Promise<VolumeFiles> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return project([{ configMap }], configMap.defaultMode, context);
  if (downwardAPI) return project([{ downwardAPI }], downwardAPI.defaultMode, context);
  if (projected) return project(projected.sources ?? [], projected.defaultMode, context);
  const { secretName: name, items, optional } = secret ?? {};
  return project([{ secret: { name, items, optional } }], secret?.defaultMode, context);
}

async function project(sources: VolumeProjection[], mode = defaultFileMode, context: PodContext) {
  const files: VolumeFiles = new Map();
  for (const source of sources)
    for (const [path, file] of await filesOf(source, mode, context)) files.set(path, file);
  return files;
}

async function filesOf(source: VolumeProjection, mode: number, context: PodContext): Promise<VolumeFiles> {
  const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
  if (configMap)
    return pick(await configMapData(configMap.name ?? '', configMap.optional, context), configMap, mode);
  if (secret) {
    const found = await context.sources.secret(secret.name ?? '');
    if (!found && !secret.optional) throw new ConfigError(`secret "${secret.name}" not found`);
    return pick(new Map(base64Entries(found?.data)), secret, mode, secret.name ?? '');
  }
  if (token) {
    const account = context.pod.spec?.serviceAccountName || 'default';
    const { audience = '', expirationSeconds = 3600 } = token;
    const text = await context.sources.token(account, { ...(audience && { audience }), expirationSeconds });
    return new Map([[token.path, { data: Buffer.from(text), mode, token: { audience, expirationSeconds } }]]);
  }
  const files: VolumeFiles = new Map();
  for (const item of downwardAPI?.items ?? []) {
    const { fieldRef, resourceFieldRef } = item;
    if (!fieldRef && !resourceFieldRef) continue;
    const text = fieldRef ? fieldValue(fieldRef, context) : resourceValue(resourceFieldRef!, context);
    files.set(item.path, { data: Buffer.from(text), mode: item.mode ?? mode });
  }
  return files;
}

async function configMapData(name: string, optional: boolean | undefined, { sources }: PodContext) {
  const found = await sources.configMap(name);
  // Every namespace has this one in Kubernetes; a Pod may start before its controller has made it.
  if (!found && name === 'kube-root-ca.crt') return new Map([['ca.crt', Buffer.from(sources.clusterCa())]]);
  if (!found && !optional) throw new ConfigError(`configmap "${name}" not found`);
  const text = Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
  return new Map<string, Uint8Array>([...text, ...base64Entries(found?.binaryData)]);
}

function pick(
  data: Map<string, Uint8Array>,
  { items, optional }: { items?: KeyToPath[]; optional?: boolean },
  mode: number,
  secret?: string,
): VolumeFiles {
  const files: VolumeFiles = new Map();
  const origin = (key: string) => secret !== undefined && { secret: { name: secret, key } };
  if (!items?.length) for (const [key, bytes] of data) files.set(key, { data: bytes, mode, ...origin(key) });
  for (const item of items ?? []) {
    const bytes = data.get(item.key);
    if (bytes) files.set(item.path, { data: bytes, mode: item.mode ?? mode, ...origin(item.key) });
    else if (!optional) throw new ConfigError(`references non-existent config key: ${item.key}`);
  }
  return files;
}

const base64Entries = (data: Record<string, string> = {}) =>
  Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
