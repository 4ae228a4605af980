import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  Task,
} from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../src/shared/fake/podLife.ts';
import { type Counted, type TaskMetadata, taskMetadata } from './fakeTaskMetadata.ts';

/** From STOPPED to the last state that ECS shows. */
const deletedAfterMs = 10_000;

interface FakeContainer {
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

/** One task as ECS lives it: moves on when it is asked for, by the time that has passed. */
export class FakeEcsTask {
  readonly id: string;
  readonly createdAt: number;
  readonly #processor: string;
  readonly containers: FakeContainer[];
  tagged = true;
  #world: TaskWorld;
  #request: RunTaskCommandInput;
  #cursor: number;
  #seenAt = 0;
  #launched = false;
  #startedAt: number | undefined;
  #stoppingAt: number | undefined;
  #stoppedAt: number | undefined;
  #stopCode: Task['stopCode'];
  #stoppedReason: string | undefined;
  #address: string;

  constructor(
    id: string,
    request: RunTaskCommandInput,
    definition: RegisterTaskDefinitionCommandInput,
    world: TaskWorld,
    now: number,
    address: string,
  ) {
    this.id = id;
    this.#request = request;
    this.#world = world;
    this.createdAt = this.#cursor = now;
    this.#address = address;
    this.#processor = definition.runtimePlatform?.cpuArchitecture ?? 'X86_64';
    this.containers = (definition.containerDefinitions ?? []).map((each) => ({
      definition: each,
      lastStatus: 'PENDING',
      startedAt: 0,
      exitAt: Number.POSITIVE_INFINITY,
    }));
  }

  get startedBy(): string | undefined {
    return this.#request.startedBy;
  }

  get address(): string {
    return this.#address;
  }

  /** Everything that an event would be told of. */
  get state(): string {
    return [this.#lastStatus(), this.desiredStatus, ...this.containers.map((c) => c.lastStatus)].join();
  }

  /** Whether something of it ends by itself. */
  get endsByItself(): boolean {
    return this.containers.some((c) => c.lastStatus === 'RUNNING' && Number.isFinite(c.exitAt));
  }

  get stoppedAt(): number | undefined {
    return this.#stoppedAt;
  }

  get desiredStatus(): 'RUNNING' | 'STOPPED' {
    return this.#stoppingAt === undefined && this.#stoppedAt === undefined ? 'RUNNING' : 'STOPPED';
  }

  /** Lives up to `now`. */
  advance(now: number): void {
    this.#seenAt = now;
    if (this.#stoppedAt !== undefined) return;
    if (!this.#launched) {
      if (now < this.createdAt + this.#world.startMs) return;
      this.#cursor = this.createdAt + this.#world.startMs;
      this.#launched = true;
      if (this.#pullFails()) return;
    }
    if (
      this.#startedAt !== undefined &&
      this.containers.every((c) => c.lastStatus === 'RUNNING' && c.exitAt > now)
    ) {
      this.#cursor = Math.max(this.#cursor, now);
      return;
    }
    while (this.#startWhatMay() || this.#endNext(now));
    const essential = this.containers.filter((c) => c.definition.essential !== false);
    if (essential.every((c) => c.lastStatus === 'RUNNING')) this.#startedAt ??= this.#cursor;
    if (this.containers.every((c) => c.lastStatus === 'STOPPED')) this.#end();
  }

  /** As StopTask, or a failure of the place. */
  stop(now: number, code: Task['stopCode'], reason: string): void {
    this.advance(now);
    if (this.desiredStatus === 'STOPPED') return;
    this.#cursor = now;
    this.#begin(code, reason, now);
    this.advance(now);
  }

  describe(arn: (id: string) => string): Task {
    const { startedBy, taskDefinition, overrides, tags } = this.#request;
    const time = (at: number | undefined) => at !== undefined && new Date(at);
    const startedAt = time(this.#startedAt);
    const stoppedAt = time(this.#stoppedAt);
    const stoppingAt = time(this.#stoppingAt);
    return {
      taskArn: arn(this.id),
      taskDefinitionArn: taskDefinition,
      startedBy,
      overrides,
      lastStatus: this.#lastStatus(),
      desiredStatus: this.desiredStatus,
      createdAt: new Date(this.createdAt),
      ...(startedAt && { startedAt }),
      ...(stoppingAt && { stoppingAt }),
      ...(stoppedAt && { stoppedAt, executionStoppedAt: stoppedAt }),
      ...(this.#stopCode && { stopCode: this.#stopCode, stoppedReason: this.#stoppedReason }),
      tags: this.tagged ? tags : [],
      attributes: [{ name: 'ecs.cpu-architecture', value: this.#processor.toLowerCase() }],
      attachments: this.#world.addresses && this.#launched ? [attachment(this.#address)] : [],
      containers: this.containers.map((c) => ({
        name: c.definition.name,
        image: c.definition.image,
        lastStatus: c.lastStatus,
        ...(c.exitCode !== undefined && { exitCode: c.exitCode }),
        ...(c.reason && { reason: c.reason }),
        ...(c.definition.healthCheck && { healthStatus: this.#health(c) }),
        networkInterfaces: [],
      })),
    };
  }

  /**
   * What a container of the task is told at the endpoint of its metadata; undefined while none of this name runs. Each
   * counter goes on from where it was by what the image uses now.
   */
  metadata(container: string): TaskMetadata | undefined {
    const running = this.containers.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    if (!running.some(({ definition }) => definition.name === container)) return undefined;
    return taskMetadata(running.map((each) => this.#counted(each)));
  }

  /** The definition and the overrides that it was started with. */
  get request(): RunTaskCommandInput {
    return this.#request;
  }

  #counted(c: FakeContainer): Counted {
    const { startedAt, definition } = c;
    const at = this.#seenAt;
    const last =
      c.counted?.startedAt === startedAt ? c.counted : { startedAt, at: startedAt, cpuNanoseconds: 0 };
    const cores = this.#world.coresOf(definition.image ?? '');
    c.counted = { startedAt, at, cpuNanoseconds: last.cpuNanoseconds + cores * (at - last.at) * 1e6 };
    const used = { at, cpuNanoseconds: c.counted.cpuNanoseconds, memoryBytes: 64 * 2 ** 20 };
    return { name: definition.name ?? '', startedAt, used };
  }

  #lastStatus(): string {
    if (this.#stoppedAt !== undefined)
      return this.#seenAt - this.#stoppedAt < deletedAfterMs ? 'STOPPED' : 'DELETED';
    if (!this.#launched) return 'PROVISIONING';
    if (this.#stoppingAt !== undefined) return 'DEPROVISIONING';
    return this.#startedAt === undefined ? 'PENDING' : 'RUNNING';
  }

  #health(c: FakeContainer): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
    if (c.health) return c.health;
    const { readyAfterMs = 0 } = this.#behaviour(c);
    const ready = readyAfterMs !== false && this.#cursor >= c.startedAt + readyAfterMs;
    return c.lastStatus === 'RUNNING' && ready ? 'HEALTHY' : 'UNKNOWN';
  }

  /** The containers that the driver adds come from one image and behave by their part. */
  #behaviour({ definition }: FakeContainer): Behaviour {
    if (definition.name === 'shallop-projector')
      return { exits: { code: this.#world.fills(this.id) ? 0 : 1 } };
    if (definition.name === 'shallop-tokens') return {};
    return this.#world.behaviourOf(definition.image ?? '');
  }

  #pullFails(): boolean {
    const isForOther = ({ definition: { image = '' } }: FakeContainer) =>
      !this.#world.runsOn(image, this.#processor);
    const lacking = this.containers.find((c) => this.#behaviour(c).missing || isForOther(c));
    if (!lacking) return false;
    const platform = `linux/${this.#processor === 'ARM64' ? 'arm64' : 'amd64'}`;
    const why = `CannotPullContainerError: ${
      isForOther(lacking)
        ? `image Manifest does not contain descriptor matching platform ${platform}`
        : `pull image manifest has been retried 1 time(s): failed to resolve ref ${lacking.definition.image}: not found`
    }`;
    for (const c of this.containers) c.lastStatus = 'STOPPED';
    lacking.reason = why;
    this.#stopCode = 'TaskFailedToStart';
    this.#stoppedReason = why;
    this.#stoppedAt = this.#cursor;
    return true;
  }

  #startWhatMay(): boolean {
    if (this.#stoppingAt !== undefined) return false;
    for (const c of this.containers) {
      if (c.lastStatus !== 'PENDING') continue;
      const waits = (c.definition.dependsOn ?? []).map((d) => this.#stands(d.containerName, d.condition));
      if (waits.includes('failed')) {
        c.lastStatus = 'STOPPED';
        // As the ECS agent says it, though nothing has ever run.
        c.exitCode = 143;
        c.reason = `CannotStartContainerError: dependency graph: failed to resolve container ordering dependency for target [${c.definition.name}]`;
        if (c.definition.essential !== false)
          this.#begin('EssentialContainerExited', 'Essential container in task exited', this.#cursor);
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
    if (condition === 'HEALTHY') return this.#health(other) === 'HEALTHY' ? 'holds' : 'waits';
    if (other.lastStatus !== 'STOPPED') return 'waits';
    return condition === 'COMPLETE' || other.exitCode === 0 ? 'holds' : 'failed';
  }

  #start(c: FakeContainer): void {
    const { prints = [], exits } = this.#behaviour(c);
    c.lastStatus = 'RUNNING';
    c.startedAt = this.#cursor;
    for (const text of prints) this.#world.print(c.definition.name ?? '', this.id, this.#cursor, text);
    if (exits) {
      c.exitAt = this.#cursor + (exits.afterMs ?? 0);
      c.exitCode = undefined;
    }
  }

  #endNext(now: number): boolean {
    const [next] = this.containers
      .filter((c) => c.lastStatus === 'RUNNING' && c.exitAt <= now)
      .sort((a, b) => a.exitAt - b.exitAt);
    if (!next) {
      this.#cursor = Math.max(this.#cursor, now);
      return false;
    }
    const { exits, onTerm = 0 } = this.#behaviour(next);
    this.#cursor = Math.max(this.#cursor, next.exitAt);
    next.lastStatus = 'STOPPED';
    if (next.toldAt === undefined) {
      next.exitCode = exits?.code ?? 0;
      if (exits?.reason === 'OOMKilled')
        next.reason = 'OutOfMemoryError: container killed due to memory usage';
    } else next.exitCode = onTerm === 'ignored' ? 137 : onTerm;
    if (this.#stoppingAt !== undefined) this.#tellToStop();
    if (next.definition.essential !== false && this.#stoppingAt === undefined)
      this.#begin('EssentialContainerExited', 'Essential container in task exited', this.#cursor);
    return true;
  }

  /** Nothing else starts, and what runs is told to stop. */
  #begin(code: Task['stopCode'], reason: string, at: number): void {
    this.#stoppingAt = at;
    this.#stopCode = code;
    this.#stoppedReason = reason;
    for (const c of this.containers) if (c.lastStatus === 'PENDING') c.lastStatus = 'STOPPED';
    this.#tellToStop();
    if (!this.#launched) this.#launched = true;
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
      c.toldAt = this.#cursor;
      c.exitAt = this.#cursor + (onTerm === 'ignored' ? (c.definition.stopTimeout ?? 30) * 1000 : termMs);
    }
  }

  #end(): void {
    this.#stoppedAt = this.#cursor;
    this.#stopCode ??= 'EssentialContainerExited';
  }
}

const attachment = (address: string) => ({
  type: 'ElasticNetworkInterface',
  status: 'ATTACHED',
  details: [{ name: 'privateIPv4Address', value: address }],
});
