import type { Task } from '@aws-sdk/client-ecs';

/** As `kubernetes.io/arch` names them. */
export const architectures = ['amd64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/** Is what Pods run on that select none, as on EKS: most images are built for it. */
export const usualArchitecture: Architecture = 'amd64';

/** By which words ECS and runtimes say that an image is for another processor. */
const mismatch = /descriptor matching platform|no match for platform|exec format error/i;

/**
 * Returns what to do about an image that is not for the architecture of its task; undefined when `text` tells of
 * something else.
 */
export function platformCure(text: string, task: Task): string | undefined {
  if (!mismatch.test(text)) return undefined;
  const had = architectureOf(task) ?? architectures.find((each) => text.includes(`linux/${each}`));
  const other = architectures.find((each) => each !== had) ?? usualArchitecture;
  if (!had) return `select the architecture that the image is for by the node selector kubernetes.io/arch`;
  return (
    `the image is not for linux/${had}, on which this Pod runs: ` +
    `set the node selector kubernetes.io/arch: ${other}, or build the image with --platform linux/${had}, ` +
    `or deploy with -c architecture=${other}`
  );
}

/** `text`, and behind it what to do, if that is known. */
export function withPlatformCure(text: string, task: Task): string {
  const cure = platformCure(text, task);
  return cure ? `${text}; ${cure}` : text;
}

function architectureOf({ attributes = [] }: Task): Architecture | undefined {
  const reported = attributes.find(({ name }) => name === 'ecs.cpu-architecture')?.value;
  if (reported === 'x86_64') return 'amd64';
  return reported === 'arm64' ? reported : undefined;
}
