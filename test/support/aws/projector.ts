import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContainerOverride, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { keptFolder } from '../../../src/aws/drivers/pods/tokenScript.ts';
import { type ApiOverTls, shell } from './apiOverTls.ts';

const projector = 'shallop-projector';

export interface Filling {
  definition: RegisterTaskDefinitionCommandInput;
  overrides: ContainerOverride[];
  /** What ECS injects for a `valueFrom`. */
  secretOf(valueFrom: string): string;
  /** The API that its tokens are asked of, whatever host the definition names. */
  api?: Pick<ApiOverTls, 'url' | 'trusting'>;
  /** Where ECS tells the container about itself. */
  metadata?: string;
}

/** A script as it runs on this machine: the task's volumes are folders of `root`, what is beside them stands beside it. */
export const scriptAt = (root: string, script: string, api?: Filling['api']): string =>
  script
    .replaceAll(/(?<=[\s'=])\/shallop(?=[-/\s']|$)/g, root)
    .replace('/lib/ld-musl-*.so.1', () => loader(root))
    .replace('/bin/busybox', process.execPath)
    .replace(/(?<=^(?:url|usage)=')https:\/\/[^/]+/gm, api?.url ?? 'https://nowhere.invalid');

/** In the place of musl's loader and busybox: the programs of this machine. bash knows what busybox's shell does. */
function loader(root: string): string {
  const path = `${root}-loader`;
  const runs =
    '#!/usr/bin/env -S bash --norc\nshift\n[ "$1" != sh ] || { shift; exec bash --norc "$@"; }\nexec "$@"\n';
  writeFileSync(path, runs, { mode: 0o755 });
  return path;
}

/** Fills the task's volumes as its first container does: the script is run by this machine's shell. */
export async function fillVolumes(
  root: string,
  { definition, overrides, secretOf, api, metadata }: Filling,
): Promise<void> {
  const filler = definition.containerDefinitions?.find(({ name }) => name === projector);
  const own = overrides.find(({ name }) => name === projector);
  const given = [
    ...(filler?.environment ?? []),
    ...(own?.environment ?? []),
    ...(filler?.secrets ?? []).map(({ name, valueFrom = '' }) => ({ name, value: secretOf(valueFrom) })),
  ];
  for (const { name = '' } of definition.volumes ?? []) mkdirSync(join(root, name));
  if (filler?.mountPoints?.some(({ containerPath }) => containerPath === keptFolder))
    mkdirSync(keptFolder.replace('/shallop', root));
  const { code, output } = await shell(scriptAt(root, filler?.command?.[0] ?? '', api), {
    PATH: process.env.PATH ?? '',
    ...(metadata && { ECS_CONTAINER_METADATA_URI_V4: metadata }),
    ...api?.trusting,
    ...Object.fromEntries(given.map(({ name, value }) => [name, value ?? ''])),
  });
  if (code !== 0) throw new Error(`the volumes were not filled (${code}): ${output}`);
}

/** Puts filled volumes where a container has them, below `prefix`. */
export function mountVolumes(root: string, prefix: string, { definition }: Filling, container: string): void {
  const { mountPoints = [] } = definition.containerDefinitions?.find(({ name }) => name === container) ?? {};
  for (const { sourceVolume = '', containerPath = '' } of mountPoints) {
    mkdirSync(dirname(join(prefix, containerPath)), { recursive: true });
    symlinkSync(join(root, sourceVolume), join(prefix, containerPath));
  }
}

/** The files that fill the volumes, by path, where every secret's value is `secret`. */
export async function filesIn(
  task: Pick<Filling, 'definition' | 'overrides'>,
  secret: string,
  modes: Record<string, number> = {},
): Promise<Record<string, string>> {
  const root = mkdtempSync(join(tmpdir(), 'shallop-fill-'));
  try {
    await fillVolumes(root, { ...task, secretOf: () => secret });
    const paths = readdirSync(root, { recursive: true }).map(String);
    for (const path of paths) modes[path] = statSync(join(root, path)).mode;
    const files = paths.filter((path) => statSync(join(root, path)).isFile());
    return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  } finally {
    rmSync(root, { recursive: true });
    rmSync(`${root}-loader`, { force: true });
  }
}

/** How a container is started on this machine, its volumes where `fillVolumes` has them. */
export function programOf(
  root: string,
  { definition, overrides }: Pick<Filling, 'definition' | 'overrides'>,
  container: string,
): { words: string[]; env: Record<string, string> } {
  const defined = definition.containerDefinitions?.find(({ name }) => name === container);
  const own = overrides.find(({ name }) => name === container);
  const words = [...(defined?.entryPoint ?? []), ...(own?.command ?? defined?.command ?? [])];
  const entries = [...(defined?.environment ?? []), ...(own?.environment ?? [])];
  return {
    words: words.map((word) =>
      word.replaceAll(/\/\.shallop(-v\d+-\d+)?(?=\/)/g, (_, part = '-tools') => `${root}/${part.slice(1)}`),
    ),
    env: Object.fromEntries(entries.map(({ name = '', value = '' }) => [name, value])),
  };
}
