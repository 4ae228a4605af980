import type { Task } from '@aws-sdk/client-ecs';
import { FakeTaskLife } from './fakeTaskLife.ts';
import { type Counted, type TaskMetadata, taskMetadata } from './fakeTaskMetadata.ts';
import type { FakeContainer } from './fakeTaskParts.ts';

/** One task as ECS and the endpoint of its metadata tell of it. */
export class FakeEcsTask extends FakeTaskLife {
  describe(arn: (id: string) => string): Task {
    const { startedBy, taskDefinition, overrides, tags } = this.request;
    const time = (at: number | undefined) => at !== undefined && new Date(at);
    const startedAt = time(this.startedAt);
    const stoppedAt = time(this.endedAt);
    const stoppingAt = time(this.stoppingAt);
    return {
      taskArn: arn(this.id),
      taskDefinitionArn: taskDefinition,
      startedBy,
      overrides,
      lastStatus: this.lastStatus(),
      desiredStatus: this.desiredStatus,
      createdAt: new Date(this.createdAt),
      ...(startedAt && { startedAt }),
      ...(stoppingAt && { stoppingAt }),
      ...(stoppedAt && { stoppedAt, executionStoppedAt: stoppedAt }),
      ...(this.stopCode && { stopCode: this.stopCode, stoppedReason: this.stoppedReason }),
      tags: this.tagged ? tags : [],
      attributes: [{ name: 'ecs.cpu-architecture', value: this.processor.toLowerCase() }],
      attachments: this.world.addresses && this.launched ? [attachment(this.address)] : [],
      containers: this.containers.map((c) => ({
        name: c.definition.name,
        image: c.definition.image,
        lastStatus: c.lastStatus,
        ...(c.exitCode !== undefined && { exitCode: c.exitCode }),
        ...(c.reason && { reason: c.reason }),
        ...(c.definition.healthCheck && { healthStatus: this.health(c) }),
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

  #counted(c: FakeContainer): Counted {
    const { startedAt, definition } = c;
    const at = this.seenAt;
    const last =
      c.counted?.startedAt === startedAt ? c.counted : { startedAt, at: startedAt, cpuNanoseconds: 0 };
    const cores = this.world.coresOf(definition.image ?? '');
    c.counted = { startedAt, at, cpuNanoseconds: last.cpuNanoseconds + cores * (at - last.at) * 1e6 };
    const used = { at, cpuNanoseconds: c.counted.cpuNanoseconds, memoryBytes: 64 * 2 ** 20 };
    return { name: definition.name ?? '', startedAt, used };
  }

  get startedBy(): string | undefined {
    return this.request.startedBy;
  }

  /** Everything that an event would be told of. */
  get state(): string {
    return [this.lastStatus(), this.desiredStatus, ...this.containers.map((c) => c.lastStatus)].join();
  }
}

const attachment = (address: string) => ({
  type: 'ElasticNetworkInterface',
  status: 'ATTACHED',
  details: [{ name: 'privateIPv4Address', value: address }],
});
