import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../src/shared/fake/podLife.ts';

/** A container of a task. */
export interface FakeContainer {
  definition: ContainerDefinition;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  startedAt: number;
  /** When it ends, as far as is known. */
  exitAt: number;
  /** When it was sent TERM. */
  toldAt?: number;
  exitCode?: number;
  reason?: string;
  health?: 'HEALTHY' | 'UNHEALTHY';
  /** Its counter of CPU time when somebody last looked. */
  counted?: { startedAt: number; at: number; cpuNanoseconds: number };
}

/** What tasks live in. */
export interface TaskWorld {
  startMs: number;
  /** Tasks of real ECS have addresses; those of emulators without an engine do not. */
  addresses: boolean;
  behaviourOf(image: string): Behaviour;
  /** How many cores a container of an image uses at present. */
  coresOf(image: string): number;
  /** Whether the volumes of a task can be filled. */
  fills(task: string): boolean;
  /** Whether an image is for a processor, as task definitions name them. */
  runsOn(image: string, processor: string): boolean;
  print(container: string, task: string, at: number, text: string): void;
}
