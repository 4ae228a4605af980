import type {
  DeleteTaskDefinitionsCommandInput,
  DeregisterTaskDefinitionCommandInput,
  DescribeTasksCommandInput,
  ListTaskDefinitionsCommandInput,
  ListTasksCommandInput,
  RegisterTaskDefinitionCommandInput,
  RunTaskCommandInput,
  StopTaskCommandInput,
  Task,
} from '@aws-sdk/client-ecs';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Behaviour } from '../../../src/shared/fake/podLife.ts';
import { awsError, checkDefinition, checkRun } from './fakeEcsChecks.ts';
import { FakeEcsLogs } from './fakeEcsLogs.ts';
import type { FakeEcsOptions } from './fakeEcsOptions.ts';
import { FakeEcsTask } from './fakeEcsTask.ts';
import type { TaskWorld } from './fakeTaskParts.ts';

const forgottenAfterMs = 3_600_000;

/**
 * ECS in memory, as far as the driver speaks to it: definitions, tasks that live by the injected clock, client
 * tokens, tags that StopTask deletes, tasks that are forgotten after an hour. `calls` has every request; failures are
 * scripted; what a container does is told by its image.
 */
export class FakeEcs {
  readonly calls: { name: string; input: Record<string, unknown> }[] = [];
  /** How often it was asked for something, or something befell a task: each may have tasks change. */
  touched = 0;
  /** Those that tasks may be started with. */
  readonly definitions = new Map<string, RegisterTaskDefinitionCommandInput>();
  /** Those that were deregistered. */
  readonly inactive = new Set<string>();
  readonly logs: FakeEcsLogs;
  /** As in the options; may change. */
  listedAfterMs: number;
  /** How many cores each container of an image uses; may change. */
  readonly cores = new Map<string, number>();
  /** The volumes of so many of the first tasks cannot be filled. */
  fillingFails = 0;
  #clock: Clock;
  #idempotent: boolean;
  #world: TaskWorld;
  readonly #tasks = new Map<string, FakeEcsTask>();
  #tokens = new Map<string, { input: string; task: FakeEcsTask }>();
  #images = new Map<string, Behaviour>();
  #processors = new Map<string, string>();
  #failures: { name: string; error: Error }[] = [];
  #refusals: string[] = [];
  #serial = 0;

  constructor({
    clock,
    startMs = 10,
    addresses = true,
    idempotent = true,
    listedAfterMs = 0,
  }: FakeEcsOptions) {
    this.#clock = clock;
    this.#idempotent = idempotent;
    this.listedAfterMs = listedAfterMs;
    this.logs = new FakeEcsLogs();
    this.#world = {
      startMs,
      addresses,
      behaviourOf: (image) => this.#images.get(image) ?? {},
      coresOf: (image) => this.cores.get(image) ?? 0,
      fills: (task) => Number.parseInt(task, 16) > this.fillingFails,
      runsOn: (image, processor) => (this.#processors.get(image) ?? processor) === processor,
      print: (container, task, at, text) => this.logs.print(`pod/${container}/${task}`, at, text),
    };
  }

  setImage(image: string, behaviour: Behaviour): void {
    this.#images.set(image, behaviour);
  }

  /** The image is for one processor only: ARM64 or X86_64. */
  setProcessor(image: string, processor: string): void {
    this.#processors.set(image, processor);
  }

  /** The next `times` requests of this name fail. */
  failNext(name: string, error: Error, times = 1): void {
    for (let i = 0; i < times; i++) this.#failures.push({ name, error });
  }

  /** No scripted failure is left. */
  calm(): void {
    this.#failures = [];
    this.#refusals = [];
  }

  /** The next RunTask is answered with this failure instead of a task. */
  refuseNext(reason: string): void {
    this.#refusals.push(reason);
  }

  /** Every task that is not forgotten. */
  tasks(): Task[] {
    return this.live().map((task) => task.describe(arnOf));
  }

  /** The same as they are, without what a description costs. */
  live(): readonly FakeEcsTask[] {
    const now = this.#clock.now();
    for (const task of this.#tasks.values()) {
      task.advance(now);
      if (isForgotten(task, now)) this.#tasks.delete(task.id);
    }
    return [...this.#tasks.values()];
  }

  describe(task: FakeEcsTask): Task {
    return task.describe(arnOf);
  }

  /** Tasks in which a container of this name runs: its script, the task's overrides, and what ECS tells it there. */
  runningIn(container: string) {
    return this.live().flatMap((task) => {
      const metadata = task.metadata(container);
      const { taskDefinition = '', overrides } = task.request;
      const definitions = this.definitions.get(taskDefinition)?.containerDefinitions ?? [];
      const script = definitions.find(({ name }) => name === container)?.command?.[0] ?? '';
      return metadata ? [{ script, overrides: overrides?.containerOverrides ?? [], metadata }] : [];
    });
  }

  /** As if ECS, or a person, had stopped it. */
  stopTask(arn: string, stopCode: Task['stopCode'], reason: string): void {
    this.touched++;
    this.#find(arn)?.stop(this.#clock.now(), stopCode, reason);
  }

  setHealth(arn: string, container: string, health: 'HEALTHY' | 'UNHEALTHY'): void {
    const found = this.#find(arn)?.containers.find(({ definition }) => definition.name === container);
    if (!found) throw new Error(`no container ${container} in ${arn}`);
    found.health = health;
    this.touched++;
  }

  /** How many requests of each name there were. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name } of this.calls) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  /** What an ECSClient answers. */
  async send(command: { constructor: { name: string }; input: unknown }): Promise<never> {
    const name = command.constructor.name.replace(/Command$/, '');
    const input = structuredClone(command.input) as Record<string, unknown>;
    this.calls.push({ name, input });
    this.touched++;
    const at = this.#failures.findIndex((each) => each.name === name);
    if (at >= 0) throw this.#failures.splice(at, 1)[0]!.error;
    const handler = this.#handlers[name];
    if (!handler) throw awsError('InvalidAction', `the fake does not know ${name}`);
    return handler(input as never) as never;
  }

  #handlers: Record<string, (input: never) => unknown> = {
    RegisterTaskDefinition: (input: RegisterTaskDefinitionCommandInput) => {
      checkDefinition(input);
      this.definitions.set(input.family ?? '', input);
      return { taskDefinition: { family: input.family, revision: 1 } };
    },
    ListTaskDefinitions: ({ status }: ListTaskDefinitionsCommandInput) => ({
      taskDefinitionArns: [...(status === 'INACTIVE' ? this.inactive : this.definitions.keys())].sort(),
    }),
    DeregisterTaskDefinition: ({ taskDefinition = '' }: DeregisterTaskDefinitionCommandInput) => {
      if (!this.definitions.delete(taskDefinition)) throw awsError('ClientException', 'Not found.');
      this.inactive.add(taskDefinition);
      return {};
    },
    DeleteTaskDefinitions: ({ taskDefinitions = [] }: DeleteTaskDefinitionsCommandInput) => {
      if (taskDefinitions.length > 10) throw awsError('InvalidParameterException', 'Too many.');
      for (const each of taskDefinitions) this.inactive.delete(each);
      return {};
    },
    RunTask: (input: RunTaskCommandInput) => this.#run(input),
    ListTasks: (input: ListTasksCommandInput) => ({
      taskArns: this.live()
        .filter((task) => task.desiredStatus === (input.desiredStatus ?? 'RUNNING'))
        .filter((task) => task.createdAt + this.listedAfterMs <= this.#clock.now())
        .filter((task) => !input.startedBy || task.startedBy === input.startedBy)
        .map(({ id }) => arnOf(id)),
    }),
    DescribeTasks: ({ tasks = [] }: DescribeTasksCommandInput) => {
      if (!tasks.length) throw awsError('InvalidParameterException', 'Tasks cannot be empty.');
      if (tasks.length > 100) throw awsError('InvalidParameterException', 'Too many tasks.');
      const found = tasks.map((each) => this.#find(each)?.describe(arnOf));
      return {
        tasks: found.filter(Boolean),
        failures: tasks.filter((_, i) => !found[i]).map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },
    StopTask: ({ task, reason = '' }: StopTaskCommandInput) => {
      const found = this.#find(task ?? '');
      if (!found) throw awsError('InvalidParameterException', 'The referenced task was not found.');
      found.stop(this.#clock.now(), 'UserInitiated', reason);
      found.tagged = false;
      return { task: found.describe(arnOf) };
    },
  };

  #run(input: RunTaskCommandInput) {
    const definition = this.definitions.get(input.taskDefinition ?? '');
    if (this.inactive.has(input.taskDefinition ?? '') && !definition)
      throw awsError('ClientException', 'TaskDefinition is inactive');
    if (!definition) throw awsError('ClientException', 'TaskDefinition not found.');
    checkRun(input, definition);
    const refusal = this.#refusals.shift();
    if (refusal) return { tasks: [], failures: [{ reason: refusal }] };
    const text = JSON.stringify(input);
    const { clientToken } = input;
    const known = this.#idempotent && clientToken ? this.#tokens.get(clientToken) : undefined;
    if (known && known.input !== text)
      throw Object.assign(awsError('ConflictException', 'The clientToken was used with other parameters.'), {
        resourceIds: [arnOf(known.task.id)],
      });
    const task = known?.task ?? this.#create(input, definition);
    if (clientToken) this.#tokens.set(clientToken, { input: text, task });
    task.advance(this.#clock.now());
    return { tasks: [task.describe(arnOf)], failures: [] };
  }

  #create(input: RunTaskCommandInput, definition: RegisterTaskDefinitionCommandInput): FakeEcsTask {
    const serial = ++this.#serial;
    const id = serial.toString(16).padStart(32, '0');
    const address = `10.0.${serial >> 8}.${serial & 255}`;
    const task = new FakeEcsTask(id, input, definition, this.#world, this.#clock.now(), address);
    this.#tasks.set(id, task);
    return task;
  }

  #find(arn: string): FakeEcsTask | undefined {
    const now = this.#clock.now();
    const task = this.#tasks.get(arn.slice(arn.lastIndexOf('/') + 1));
    task?.advance(now);
    return task && !isForgotten(task, now) ? task : undefined;
  }
}

const isForgotten = ({ stoppedAt }: FakeEcsTask, now: number) =>
  stoppedAt !== undefined && now - stoppedAt > forgottenAfterMs;

const arnOf = (id: string) => `arn:aws:ecs:us-east-1:000000000000:task/pods/${id}`;
