import type { MountPoint } from '@aws-sdk/client-ecs';
import type { Container } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import type { Invocation } from './environment.ts';
import { canPostStart, isPreStopInside } from './hooks.ts';
import { isLate } from './late.ts';
import { bellOf, lockOf, type Start, starterOf, toolsFolder, toolsVolume } from './starterScript.ts';
import type { Mounted, PlacedFile } from './volumes.ts';

/** Where a container that is started by something has its tools. */
export const toolsMount: MountPoint = {
  sourceVolume: toolsVolume,
  containerPath: toolsFolder,
  readOnly: true,
};

/**
 * Returns what has to be done around the program of a container; undefined when ECS can start it by itself. Throws ConfigError for
 * what has to be done before a program that only the image names: nothing can be put before that.
 */
export function startOf(
  container: Container,
  { environment, own, command = [] }: Invocation,
  { placed }: Mounted,
): Start | undefined {
  const lateVariables = [...environment, ...own.environment]
    .filter(({ value = '' }) => isLate(value))
    .map(({ name = '' }) => name);
  const isCommandLate = [...command, ...(own.command ?? [])].some(isLate);
  const { postStart, preStop } = container.lifecycle ?? {};
  const start: Start = {
    container,
    lateVariables,
    isCommandLate,
    placed,
    ...(canPostStart(container) && postStart && { postStart }),
    ...(isPreStopInside(container) && { preStop: preStop?.exec?.command ?? [] }),
  };
  for (const variable of lateVariables)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
      throw new ConfigError(
        `env ${variable}: on Fargate a variable with the address of the Pod needs a name of letters, digits and _`,
      );
  const needsOne = placed.length > 0 || lateVariables.length > 0 || isCommandLate;
  if (needsOne && !container.command?.length) throw unnamed(container, placed, lateVariables);
  for (const file of placed) refuseReadOnly(container, file);
  return needsOne || start.postStart || start.preStop ? start : undefined;
}

/** The invocation with something before the program. What differs from Pod to Pod goes on to stand in the command. */
export function started(invocation: Invocation, start: Start): Invocation {
  const { entryPoint = [], command = [], own } = invocation;
  return {
    ...invocation,
    entryPoint: starterOf(start),
    command: [...entryPoint, ...command],
    own: { ...own, ...(own.command && { command: [...entryPoint, ...own.command] }) },
  };
}

/**
 * Returns what makes the tools, in the shell of the container that fills the volumes. Where its image has none, it says so in
 * its log, and the Pod waits.
 */
export function toolSteps(folder: string, starts: Start[]): string[] {
  const hooked = starts.filter(({ postStart, preStop }) => postStart || preStop);
  const shared = hooked.flatMap(({ container, preStop }) => [
    `: > ${folder}/${lockOf(container)}`,
    ...(preStop ? [`mkfifo -m 0666 ${folder}/${bellOf(container)}`] : []),
  ]);
  const isLate = starts.some(({ lateVariables, isCommandLate }) => lateVariables.length > 0 || isCommandLate);
  return [
    `for loader in /lib/ld-musl-*.so.1; do cp "$loader" ${folder}/ld; done && cp -L /bin/busybox ${folder}/busybox ||`,
    "  { echo 'This image cannot start programs of others: it is not of Alpine' >&2; exit 1; }",
    `chmod 0755 ${folder} ${folder}/ld ${folder}/busybox`,
    ...shared,
    ...(isLate ? [addressStep(folder)] : []),
  ];
}

/** All containers of a task have one address, which ECS tells each of them. */
const addressStep = (folder: string): string => `pause=1
until address=$(wget -q -T 5 -O - "$ECS_CONTAINER_METADATA_URI_V4" | sed -n 's/.*"IPv4Addresses": *\\["\\([0-9.]*\\)".*/\\1/p') && [ -n "$address" ]; do
  [ "$pause" -le 16 ] || { echo 'ECS does not say which address the task has' >&2; exit 1; }
  sleep "$pause"
  pause=$((pause * 2))
done
echo "$address" > ${folder}/address`;

function unnamed({ name }: Container, placed: PlacedFile[], variables: string[]): ConfigError {
  const what = placed[0]
    ? `volumeMount "${placed[0].to}" is a single file, which ECS cannot mount`
    : variables[0]
      ? `env ${variables[0]} holds the address of the Pod, which is not known before a task starts on Fargate`
      : 'args hold the address of the Pod, which is not known before a task starts on Fargate';
  return new ConfigError(
    `${what}, and nothing can be put before a program that the image alone names: name it in the command of container "${name}"`,
  );
}

/** A file is put beside those of the image, unless another volume is there. */
function refuseReadOnly({ securityContext, volumeMounts = [] }: Container, { to }: PlacedFile): void {
  const isInVolume = volumeMounts.some(
    ({ mountPath, readOnly, subPath, subPathExpr }) =>
      !readOnly && !subPath && !subPathExpr && to.startsWith(`${mountPath.replace(/\/$/, '')}/`),
  );
  if (securityContext?.readOnlyRootFilesystem && !isInVolume)
    throw new ConfigError(
      `volumeMount "${to}" is a single file, which on Fargate is put into the root file system, and that is read-only: mount its volume at a folder`,
    );
}
