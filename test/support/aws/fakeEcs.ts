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
import { fargateSizes } from '../../../src/aws/drivers/pods/sizes.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Behaviour } from '../../../src/shared/fake/podLife.ts';
import { FakeEcsLogs } from './fakeEcsLogs.ts';
import { FakeEcsTask, type TaskWorld } from './fakeEcsTask.ts';

export interface FakeEcsOptions {
  clock: Clock;
  /** From RunTask to the first container. Default 10. */
  startMs?: number;
  /** Default true. */
  addresses?: boolean;
  /** Emulators start a second task for the same client token. Default true: as ECS does. */
  idempotent?: boolean;
  /** Tasks are listed only so long after they were started: ECS is eventually consistent. Default 0. */
  listedAfterMs?: number;
}

const forgottenAfterMs = 3_600_000;

/**
 * ECS in memory, as far as the driver speaks to it: definitions, tasks that live by the injected clock, client
 * tokens, tags that StopTask deletes, tasks that are forgotten after an hour. `calls` has every request; failures are
 * scripted; what a container does is told by its image.
 */
export class FakeEcs {
  readonly calls: { name: string; input: Record<string, unknown> }[] = [];
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
  #tasks: FakeEcsTask[] = [];
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
    return this.#live().map((task) => task.describe(arnOf));
  }

  /** Tasks in which a container of this name runs: its script, the task's overrides, and what ECS tells it there. */
  runningIn(container: string) {
    return this.#live().flatMap((task) => {
      const metadata = task.metadata(container);
      const { taskDefinition = '', overrides } = task.request;
      const definitions = this.definitions.get(taskDefinition)?.containerDefinitions ?? [];
      const script = definitions.find(({ name }) => name === container)?.command?.[0] ?? '';
      return metadata ? [{ script, overrides: overrides?.containerOverrides ?? [], metadata }] : [];
    });
  }

  /** As if ECS, or a person, had stopped it. */
  stopTask(arn: string, stopCode: Task['stopCode'], reason: string): void {
    this.#find(arn)?.stop(this.#clock.now(), stopCode, reason);
  }

  setHealth(arn: string, container: string, health: 'HEALTHY' | 'UNHEALTHY'): void {
    const found = this.#find(arn)?.containers.find(({ definition }) => definition.name === container);
    if (!found) throw new Error(`no container ${container} in ${arn}`);
    found.health = health;
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
      taskArns: this.#live()
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
    this.#tasks.push(task);
    return task;
  }

  #live(): FakeEcsTask[] {
    const now = this.#clock.now();
    for (const task of this.#tasks) task.advance(now);
    this.#tasks = this.#tasks.filter(({ stoppedAt }) => !(stoppedAt && now - stoppedAt > forgottenAfterMs));
    return this.#tasks;
  }

  #find(arn: string): FakeEcsTask | undefined {
    return this.#live().find(({ id }) => id === arn.slice(arn.lastIndexOf('/') + 1));
  }
}

export const awsError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $fault: 'client' });

const arnOf = (id: string) => `arn:aws:ecs:us-east-1:000000000000:task/pods/${id}`;

function checkDefinition({
  containerDefinitions = [],
  cpu,
  memory,
}: RegisterTaskDefinitionCommandInput): void {
  const refuse = (message: string) => awsError('ClientException', message);
  const memories = fargateSizes.find(([each]) => String(each) === cpu)?.[1];
  if (!memories?.some((each) => String(each) === memory))
    throw refuse("No Fargate configuration exists for given values: check the 'cpu' and 'memory'.");
  if (containerDefinitions.length > 10) throw refuse('A task definition has at most 10 containers.');
  if (!containerDefinitions.some(({ essential }) => essential !== false))
    throw refuse('A task definition must have at least one essential container.');
  const mapped = containerDefinitions.flatMap(({ portMappings = [] }) =>
    portMappings.map(({ protocol, containerPort }) => `${protocol} ${containerPort}`),
  );
  const twice = mapped.find((each, i) => mapped.indexOf(each) !== i);
  if (twice) throw refuse(`host port '${twice}' is mapped multiple times in task.`);
  if (containerDefinitions.some((c) => (c.memory ?? Number.POSITIVE_INFINITY) <= (c.memoryReservation ?? 0)))
    throw refuse('memory must be greater than memoryReservation.');
  const limits = containerDefinitions.reduce((sum, c) => sum + (c.memory ?? c.memoryReservation ?? 0), 0);
  const shares = containerDefinitions.reduce((sum, c) => sum + (c.cpu ?? 0), 0);
  if (shares > Number(cpu)) throw refuse("The containers' cpu exceeds the task's.");
  if (limits > Number(memory)) throw refuse("The containers' memory exceeds the task's.");
  for (const { dependsOn = [] } of containerDefinitions)
    for (const { containerName, condition } of dependsOn) {
      const other = containerDefinitions.find(({ name }) => name === containerName);
      if (!other) throw refuse(`dependsOn names ${containerName}, which is no container of the task.`);
      if (condition !== 'START' && condition !== 'HEALTHY' && other.essential !== false)
        throw refuse(`The essential container ${containerName} cannot have ${condition} waited for.`);
      if (condition === 'HEALTHY' && !other.healthCheck)
        throw refuse(`${containerName} has no health check.`);
    }
}

function checkRun(input: RunTaskCommandInput, definition: RegisterTaskDefinitionCommandInput): void {
  const refuse = (message: string) => awsError('InvalidParameterException', message);
  const names = definition.containerDefinitions?.map(({ name }) => name) ?? [];
  for (const { name } of input.overrides?.containerOverrides ?? [])
    if (!names.includes(name)) throw refuse(`Override for ${name}, which is no container of the definition.`);
  if (JSON.stringify(input.overrides ?? {}).length > 8192) throw refuse('The overrides are too long.');
  if ((input.clientToken ?? '').length > 64) throw refuse('The client token is too long.');
  if (!/^[\w/-]{1,128}$/.test(input.startedBy ?? '')) throw refuse('startedBy is not valid.');
}
