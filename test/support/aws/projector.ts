import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContainerOverride, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';

const projector = 'shallop-projector';

export interface Filling {
  definition: RegisterTaskDefinitionCommandInput;
  overrides: ContainerOverride[];
  /** What ECS injects for a `valueFrom`. */
  secretOf(valueFrom: string): string;
}

/** Fills the task's volumes, folders of `root`, as its first container does: the script is run by this machine's shell. */
export function fillVolumes(root: string, { definition, overrides, secretOf }: Filling): void {
  const filler = definition.containerDefinitions?.find(({ name }) => name === projector);
  const own = overrides.find(({ name }) => name === projector);
  const given = [
    ...(filler?.environment ?? []),
    ...(own?.environment ?? []),
    ...(filler?.secrets ?? []).map(({ name, valueFrom = '' }) => ({ name, value: secretOf(valueFrom) })),
  ];
  for (const { name = '' } of definition.volumes ?? []) mkdirSync(join(root, name));
  execFileSync('sh', ['-c', filler?.command?.[0]?.replaceAll('/shallop', root) ?? ''], {
    env: {
      PATH: process.env.PATH ?? '',
      ...Object.fromEntries(given.map(({ name, value }) => [name, value])),
    },
  });
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
export function filesIn(
  task: Pick<Filling, 'definition' | 'overrides'>,
  secret: string,
  modes: Record<string, number> = {},
): Record<string, string> {
  const root = mkdtempSync(join(tmpdir(), 'shallop-fill-'));
  try {
    fillVolumes(root, { ...task, secretOf: () => secret });
    const paths = readdirSync(root, { recursive: true }).map(String);
    for (const path of paths) modes[path] = statSync(join(root, path)).mode;
    const files = paths.filter((path) => statSync(join(root, path)).isFile());
    return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  } finally {
    rmSync(root, { recursive: true });
  }
}
