import type { RegisterTaskDefinitionCommandInput, RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../src/shared/fake/podLife.ts';
import type { FakeContainer, TaskWorld } from './fakeTaskParts.ts';

/** From STOPPED to the last state that ECS shows. */
const deletedAfterMs = 10_000;

/** The life of one task as ECS lives it: moves on when it is asked for, by the time that has passed. */
export class FakeTaskLife {
  readonly id: string;
  readonly createdAt: number;
  protected readonly processor: string;
  readonly containers: FakeContainer[];
  tagged = true;
  protected readonly world: TaskWorld;
  /** The definition and the overrides that it was started with. */
  readonly request: RunTaskCommandInput;
  readonly address: string;
  protected cursor: number;
  protected seenAt = 0;
  protected launched = false;
  protected startedAt: number | undefined;
  protected stoppingAt: number | undefined;
  protected endedAt: number | undefined;
  protected stopCode: Task['stopCode'];
  protected stoppedReason: string | undefined;

  constructor(
    id: string,
    request: RunTaskCommandInput,
    definition: RegisterTaskDefinitionCommandInput,
    world: TaskWorld,
    now: number,
    address: string,
  ) {
    this.id = id;
    this.request = request;
    this.world = world;
    this.createdAt = this.cursor = now;
    this.address = address;
    this.processor = definition.runtimePlatform?.cpuArchitecture ?? 'X86_64';
    this.containers = (definition.containerDefinitions ?? []).map((each) => ({
      definition: each,
      lastStatus: 'PENDING',
      startedAt: 0,
      exitAt: Number.POSITIVE_INFINITY,
    }));
  }

  /** Whether something of it ends by itself. */
  get endsByItself(): boolean {
    return this.containers.some((c) => c.lastStatus === 'RUNNING' && Number.isFinite(c.exitAt));
  }

  get stoppedAt(): number | undefined {
    return this.endedAt;
  }

  get desiredStatus(): 'RUNNING' | 'STOPPED' {
    return this.stoppingAt === undefined && this.endedAt === undefined ? 'RUNNING' : 'STOPPED';
  }

  /** Lives up to `now`. */
  advance(now: number): void {
    this.seenAt = now;
    if (this.endedAt !== undefined) return;
    if (!this.launched) {
      if (now < this.createdAt + this.world.startMs) return;
      this.cursor = this.createdAt + this.world.startMs;
      this.launched = true;
      if (this.#pullFails()) return;
    }
    if (
      this.startedAt !== undefined &&
      this.containers.every((c) => c.lastStatus === 'RUNNING' && c.exitAt > now)
    ) {
      this.cursor = Math.max(this.cursor, now);
      return;
    }
    while (this.#startWhatMay() || this.#endNext(now));
    const essential = this.containers.filter((c) => c.definition.essential !== false);
    if (essential.every((c) => c.lastStatus === 'RUNNING')) this.startedAt ??= this.cursor;
    if (this.containers.every((c) => c.lastStatus === 'STOPPED')) this.#end();
  }

  /** As StopTask, or a failure of the place. */
  stop(now: number, code: Task['stopCode'], reason: string): void {
    this.advance(now);
    if (this.desiredStatus === 'STOPPED') return;
    this.cursor = now;
    this.#begin(code, reason, now);
    this.advance(now);
  }

  protected lastStatus(): string {
    if (this.endedAt !== undefined)
      return this.seenAt - this.endedAt < deletedAfterMs ? 'STOPPED' : 'DELETED';
    if (!this.launched) return 'PROVISIONING';
    if (this.stoppingAt !== undefined) return 'DEPROVISIONING';
    return this.startedAt === undefined ? 'PENDING' : 'RUNNING';
  }

  protected health(c: FakeContainer): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
    if (c.health) return c.health;
    const { readyAfterMs = 0 } = this.#behaviour(c);
    const ready = readyAfterMs !== false && this.cursor >= c.startedAt + readyAfterMs;
    return c.lastStatus === 'RUNNING' && ready ? 'HEALTHY' : 'UNKNOWN';
  }

  /** The containers that the driver adds come from one image and behave by their part. */
  #behaviour({ definition }: FakeContainer): Behaviour {
    if (definition.name === 'shallop-projector')
      return { exits: { code: this.world.fills(this.id) ? 0 : 1 } };
    if (definition.name === 'shallop-tokens') return {};
    return this.world.behaviourOf(definition.image ?? '');
  }

  #pullFails(): boolean {
    const isForOther = ({ definition: { image = '' } }: FakeContainer) =>
      !this.world.runsOn(image, this.processor);
    const lacking = this.containers.find((c) => this.#behaviour(c).missing || isForOther(c));
    if (!lacking) return false;
    const platform = `linux/${this.processor === 'ARM64' ? 'arm64' : 'amd64'}`;
    const why = `CannotPullContainerError: ${
      isForOther(lacking)
        ? `image Manifest does not contain descriptor matching platform ${platform}`
        : `pull image manifest has been retried 1 time(s): failed to resolve ref ${lacking.definition.image}: not found`
    }`;
    for (const c of this.containers) c.lastStatus = 'STOPPED';
    lacking.reason = why;
    this.stopCode = 'TaskFailedToStart';
    this.stoppedReason = why;
    this.endedAt = this.cursor;
    return true;
  }

  #startWhatMay(): boolean {
    if (this.stoppingAt !== undefined) return false;
    for (const c of this.containers) {
      if (c.lastStatus !== 'PENDING') continue;
      const waits = (c.definition.dependsOn ?? []).map((d) => this.#stands(d.containerName, d.condition));
      if (waits.includes('failed')) {
        c.lastStatus = 'STOPPED';
        // As the ECS agent says it, though nothing has ever run.
        c.exitCode = 143;
        c.reason = `CannotStartContainerError: dependency graph: failed to resolve container ordering dependency for target [${c.definition.name}]`;
        if (c.definition.essential !== false)
          this.#begin('EssentialContainerExited', 'Essential container in task exited', this.cursor);
        return true;
      }
      if (waits.includes('waits')) continue;
      this.#start(c);
      return true;
    }
    return false;
  }

  #stands(name: string | undefined, condition: string | undefined): 'holds' | 'waits' | 'failed' {
    const other = this.containers.find((c) => c.definition.name === name);
    if (!other || other.lastStatus === 'PENDING') return 'waits';
    if (condition === 'START') return 'holds';
    if (condition === 'HEALTHY') return this.health(other) === 'HEALTHY' ? 'holds' : 'waits';
    if (other.lastStatus !== 'STOPPED') return 'waits';
    return condition === 'COMPLETE' || other.exitCode === 0 ? 'holds' : 'failed';
  }

  #start(c: FakeContainer): void {
    const { prints = [], exits } = this.#behaviour(c);
    c.lastStatus = 'RUNNING';
    c.startedAt = this.cursor;
    for (const text of prints) this.world.print(c.definition.name ?? '', this.id, this.cursor, text);
    if (exits) {
      c.exitAt = this.cursor + (exits.afterMs ?? 0);
      c.exitCode = undefined;
    }
  }

  #endNext(now: number): boolean {
    const [next] = this.containers
      .filter((c) => c.lastStatus === 'RUNNING' && c.exitAt <= now)
      .sort((a, b) => a.exitAt - b.exitAt);
    if (!next) {
      this.cursor = Math.max(this.cursor, now);
      return false;
    }
    const { exits, onTerm = 0 } = this.#behaviour(next);
    this.cursor = Math.max(this.cursor, next.exitAt);
    next.lastStatus = 'STOPPED';
    if (next.toldAt === undefined) {
      next.exitCode = exits?.code ?? 0;
      if (exits?.reason === 'OOMKilled')
        next.reason = 'OutOfMemoryError: container killed due to memory usage';
    } else next.exitCode = onTerm === 'ignored' ? 137 : onTerm;
    if (this.stoppingAt !== undefined) this.#tellToStop();
    if (next.definition.essential !== false && this.stoppingAt === undefined)
      this.#begin('EssentialContainerExited', 'Essential container in task exited', this.cursor);
    return true;
  }

  /** Nothing else starts, and what runs is told to stop. */
  #begin(code: Task['stopCode'], reason: string, at: number): void {
    this.stoppingAt = at;
    this.stopCode = code;
    this.stoppedReason = reason;
    for (const c of this.containers) if (c.lastStatus === 'PENDING') c.lastStatus = 'STOPPED';
    this.#tellToStop();
    if (!this.launched) this.launched = true;
  }

  /** TERM for those that no other one depends on which still runs: they end in the reverse order of their start. */
  #tellToStop(): void {
    for (const c of this.containers) {
      const isNeeded = this.containers.some(
        ({ lastStatus, definition }) =>
          lastStatus === 'RUNNING' &&
          definition.dependsOn?.some(({ containerName }) => containerName === c.definition.name),
      );
      if (c.lastStatus !== 'RUNNING' || c.toldAt !== undefined || isNeeded) continue;
      const { onTerm, termMs = 0 } = this.#behaviour(c);
      c.toldAt = this.cursor;
      c.exitAt = this.cursor + (onTerm === 'ignored' ? (c.definition.stopTimeout ?? 30) * 1000 : termMs);
    }
  }

  #end(): void {
    this.endedAt = this.cursor;
    this.stopCode ??= 'EssentialContainerExited';
  }
}
