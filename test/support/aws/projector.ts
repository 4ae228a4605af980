import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
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
}

/** A script as it runs on this machine: the task's volumes are folders of `root`, what is beside them stands beside it. */
export const scriptAt = (root: string, script: string, api?: Filling['api']): string =>
  script
    .replaceAll(/(?<=[\s'=])\/shallop(?=[-/\s']|$)/g, root)
    .replace(/(?<=^(?:url|usage)=')https:\/\/[^/]+/gm, api?.url ?? 'https://nowhere.invalid');

/** Fills the task's volumes as its first container does: the script is run by this machine's shell. */
export async function fillVolumes(
  root: string,
  { definition, overrides, secretOf, api }: Filling,
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
  }
}
