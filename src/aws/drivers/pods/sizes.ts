import type { Container, PodSpec } from '../../../shared/kinds/schema/types.ts';
import { parseQuantity } from '../../../shared/meta/quantity.ts';
import { isSidecar } from '../../../shared/podspec/restart.ts';

/** Describes what a task is given: CPU units (1,024 a core) and MiB, one of Fargate's pairs. */
export interface TaskSize {
  cpu: number;
  memory: number;
}

const gib = 1024;
const steps = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => (from + i * step) * gib);

/** Memory that Fargate offers by CPU units, both ascending. */
export const fargateSizes: readonly (readonly [cpu: number, memory: readonly number[]])[] = [
  [256, [512, 1024, 2048]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
  [32768, [60 * gib, 120 * gib, 244 * gib]],
];

/** The cheapest pair that has at least this much of both; undefined when none has. */
export function roundUp(wanted: TaskSize): TaskSize | undefined {
  for (const [cpu, memories] of fargateSizes) {
    const memory = memories.find((each) => each >= wanted.memory);
    if (cpu >= wanted.cpu && memory) return { cpu, memory };
  }
  return undefined;
}

/**
 * Returns what a Pod's containers ask for together: all that run at the same time, or the hungriest init container with
 * the sidecars started before it.
 */
export function requested(spec: PodSpec): TaskSize {
  const sum = { cpu: 0, memory: 0 };
  const most = { cpu: 0, memory: 0 };
  for (const container of spec.initContainers ?? []) {
    const { cpu, memory } = requestOf(container);
    most.cpu = Math.max(most.cpu, sum.cpu + cpu);
    most.memory = Math.max(most.memory, sum.memory + memory);
    if (isSidecar(container, true)) add(sum, { cpu, memory });
  }
  for (const container of spec.containers) add(sum, requestOf(container));
  const whole = spec.resources ? amounts(spec.resources.requests ?? spec.resources.limits) : sum;
  return {
    cpu: Math.max(sum.cpu, most.cpu, whole.cpu),
    memory: Math.max(sum.memory, most.memory, whole.memory),
  };
}

const freeDiskGib = 20;
const mostDiskGib = 200;

/** GiB of disk to ask for beyond the free 20; undefined when those do. Infinity when there is no such disk. */
export function diskSize(spec: PodSpec): number | undefined {
  const wanted = spec.containers
    .map(
      ({ resources }) =>
        resources?.requests?.['ephemeral-storage'] ?? resources?.limits?.['ephemeral-storage'],
    )
    .reduce((total, quantity) => total + units(quantity, 2 ** 30), 0);
  if (wanted <= freeDiskGib) return undefined;
  return wanted > mostDiskGib ? Number.POSITIVE_INFINITY : Math.ceil(wanted);
}

export interface ContainerSize {
  /** CPU units; shares of the task's. */
  cpu?: number;
  /** MiB, hard. */
  memory?: number;
  /** MiB, soft: less than the hard ones. */
  memoryReservation?: number;
}

const leastMemory = 6;

/**
 * Shares and limits inside a task, of those that run together. ECS adds up all containers, also init containers, which
 * therefore get none, and refuses hard limits that exceed the task: they are kept only where all of them fit;
 * otherwise the task's memory limits its containers together.
 */
export function containerSizes(spec: PodSpec, task: TaskSize): Map<string, ContainerSize> {
  const sidecars = (spec.initContainers ?? []).filter((container) => isSidecar(container, true));
  const containers = [...sidecars, ...spec.containers];
  const limits = containers.map(({ resources }) => units(resources?.limits?.memory, 2 ** 20));
  const fit = limits.reduce((a, b) => a + b, 0) <= task.memory;
  return new Map(
    containers.map((container, i) => {
      const { cpu, memory } = requestOf(container);
      const limit = fit && limits[i]! >= leastMemory ? Math.floor(limits[i]!) : undefined;
      const reserved = Math.floor(memory);
      return [
        container.name,
        {
          ...(cpu >= 1 && { cpu: Math.floor(cpu) }),
          ...(limit && { memory: limit }),
          ...(reserved >= leastMemory && !(limit && reserved >= limit) && { memoryReservation: reserved }),
        },
      ];
    }),
  );
}

function requestOf({ resources }: Container): TaskSize {
  return amounts({ ...resources?.limits, ...resources?.requests });
}

const amounts = (list: Record<string, string> | undefined): TaskSize => ({
  cpu: units(list?.cpu, 1 / 1024),
  memory: units(list?.memory, 2 ** 20),
});

const units = (quantity: string | undefined, unit: number): number =>
  quantity === undefined ? 0 : Number(parseQuantity(quantity) ?? 0n) / 1e9 / unit;

function add(sum: TaskSize, more: TaskSize): void {
  sum.cpu += more.cpu;
  sum.memory += more.memory;
}
