import type { Volume as EcsVolume, KeyValuePair, MountPoint, Secret } from '@aws-sdk/client-ecs';
import type { Pod, Volume } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import { isProjected, type VolumeFile, volumeFiles } from '../../../shared/podspec/volumes.ts';
import { secretArn, type Views } from './context.ts';
import { type PodTokens, podTokensOf } from './podTokens.ts';
import { quoted } from './shell.ts';
import { partOf } from './subPaths.ts';
import { archive, type TarFile } from './tar.ts';
import type { TokenFile } from './tokenScript.ts';
import { fileSystemsOf, type Part, partsOf } from './volumes.ts';

/**
 * The volumes of a task. A container that ends before the others start fills them: contents of ConfigMaps stand in its
 * environment as an archive, those of Secrets are injected by ECS, tokens it asks the API for, and it prepares empty folders,
 * which Fargate would leave to root. Files stay as they were when the task started, but for tokens, which are renewed.
 */
export interface Filling {
  volumes: EcsVolume[];
  /** Those that have to be filled before the others start. */
  filled: string[];
  /** Those that are a single file. */
  files: ReadonlySet<string>;
  script: string;
  environment: KeyValuePair[];
  secrets: Secret[];
  own: KeyValuePair[];
  /** Absent when no file holds a token, and nothing is told. */
  tokens?: PodTokens;
}

/** Where the filling container has the volumes. */
export const root = '/shallop';
const sharedFiles = 'SHALLOP_FILES';
const ownFiles = 'SHALLOP_POD_FILES';

/** Throws ConfigError, in kubelet's words, for a volume whose objects are not there. */
export async function fillingOf(views: Views): Promise<Filling> {
  const { pod } = views.own;
  const shared: TarFile[] = [];
  const mine: TarFile[] = [];
  const secrets: Secret[] = [];
  const tokenFiles: TokenFile[] = [];
  const steps: string[] = [];
  const volumes: EcsVolume[] = [];
  const filled: string[] = [];
  const single = new Set<string>();
  const others = partsOf(views.neutral.pod);
  const parts = partsOf(pod);
  const fileSystems = await fileSystemsOf(parts, views);
  for (const [i, part] of parts.entries()) {
    const { name: folder, volume } = part;
    const efs = fileSystems[i];
    volumes.push({ name: folder, ...(efs && { efsVolumeConfiguration: efs }) });
    if (efs) continue;
    filled.push(folder);
    if (!isProjected(volume)) steps.push(`chmod 0777 ${root}/${folder}`);
    else await add(part);
  }
  if (filled.length) steps.push(...groupSteps(pod));
  const tokens = await podTokensOf(views, tokenFiles);
  if (tokens) volumes.push({ name: tokens.kept.sourceVolume });
  const { first } = tokens ?? {};
  return {
    volumes,
    filled,
    files: single,
    script: ['set -e', unpack(sharedFiles), unpack(ownFiles), ...steps, first?.script ?? []]
      .flat()
      .join('\n'),
    environment: shared.length ? [{ name: sharedFiles, value: archive(shared) }] : [],
    secrets: [...secrets, ...(first ? [first.secret] : [])],
    own: [...(mine.length ? [{ name: ownFiles, value: archive(mine) }] : []), ...(first ? [first.own] : [])],
    ...(tokens && { tokens }),
  };

  async function add({ name: folder, volume, subPath }: Part): Promise<void> {
    const { files, isFile } = partOf(await filesOf(volume, views.own), subPath);
    const other = others.find(({ name }) => name === folder);
    const { files: neutral } = partOf(await filesOf(volume, views.neutral), other?.subPath);
    if (isFile) single.add(folder);
    for (const [path, file] of files) {
      if (path.split('/').includes('..')) continue;
      const place = `${folder}/${path}`;
      if (file.token) {
        const group = pod.spec?.securityContext?.fsGroup;
        const { mode, token } = file;
        tokenFiles.push({ path: `${root}/${place}`, mode, ...(group !== undefined && { group }), ...token });
        continue;
      }
      const valueFrom = await kept(file);
      if (valueFrom) {
        const variable = `SHALLOP_SECRET_${secrets.length}`;
        secrets.push({ name: variable, valueFrom });
        steps.push(write(`${root}/${place}`, variable, file));
      } else {
        const same = Buffer.compare(file.data, neutral.get(path)?.data ?? new Uint8Array()) === 0;
        (same ? shared : mine).push({ path: place, data: file.data, mode: file.mode });
      }
    }
  }

  /** Returns where in Secrets Manager the content is, if it must not be written down. */
  async function kept({ secret }: VolumeFile): Promise<string | undefined> {
    return secret && `${await secretArn(views, secret.name)}:${secret.key}::`;
  }
}

async function filesOf(volume: Volume, context: Views['own']) {
  try {
    return await volumeFiles(volume, context);
  } catch (error) {
    throw new ConfigError(
      `MountVolume.SetUp failed for volume "${volume.name}" : ${(error as Error).message}`,
      'ContainerCreating',
    );
  }
}

const unpack = (variable: string) =>
  `[ -z "$${variable}" ] || echo "$${variable}" | base64 -d | tar -xzf - -C ${root}`;

function write(path: string, variable: string, { mode, data, secret }: VolumeFile): string {
  if (!isText(data))
    throw new ConfigError(
      `key ${secret?.key} of secret "${secret?.name}" is not text: ECS hands over text only`,
    );
  const file = quoted(path);
  const folder = quoted(path.slice(0, path.lastIndexOf('/')));
  return `mkdir -p ${folder}\nprintf %s "$${variable}" > ${file}\nchmod ${mode.toString(8).padStart(4, '0')} ${file}`;
}

const isText = (data: Uint8Array) => Buffer.from(Buffer.from(data).toString()).equals(Buffer.from(data));

/** fsGroup owns every volume. */
function groupSteps({ spec }: Pod): string[] {
  const group = spec?.securityContext?.fsGroup;
  return group === undefined ? [] : [`chgrp -R ${group} ${root}`, `chmod -R g+rwX ${root}`];
}

/** Returns where the filling container sees the volumes. */
export const fillingMounts = (filled: string[]): MountPoint[] =>
  filled.map((name) => ({ sourceVolume: name, containerPath: `${root}/${name}`, readOnly: false }));
