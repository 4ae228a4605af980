/** A task as ECS answers with; times are seconds since the epoch. */
export interface TaskRecord {
  taskArn: string;
  createdAt: number;
  lastStatus: string;
  desiredStatus: string;
  containers: ContainerRecord[];
  [more: string]: unknown;
}

interface ContainerRecord {
  name: string;
  lastStatus: string;
  [more: string]: unknown;
}

interface Definition {
  name: string;
  essential?: boolean;
  healthCheck?: unknown;
  dependsOn?: { containerName: string; condition: string }[];
}

interface Options {
  /** Makes its address. */
  number: number;
  record: TaskRecord;
  subnet: string;
  definitions: Definition[];
  /** Called at every step of its way. */
  changed(view: TaskRecord): unknown;
}

interface End {
  reason: string;
  code: 'UserInitiated' | 'EssentialContainerExited';
}

/** A task on its way: PROVISIONING, PENDING, RUNNING, STOPPING, STOPPED. */
export class BridgedTask {
  readonly #options: Options;
  readonly #exits = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #status = 'PROVISIONING';
  #version = 1;
  #startedAt: number | undefined;
  #stoppedAt: number | undefined;
  #end: End | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  start(takesMs: number): void {
    this.#say();
    this.#after(takesMs / 3, () => this.#become('PENDING'));
    this.#after(takesMs, () => {
      this.#startedAt = seconds();
      this.#become('RUNNING');
    });
  }

  stop(reason: string, takesMs: number, code: End['code'] = 'UserInitiated'): void {
    if (this.#end) return;
    this.close();
    this.#end = { reason, code };
    this.#become('STOPPING');
    this.#after(takesMs, () => {
      this.#stoppedAt = seconds();
      this.#become('STOPPED');
    });
  }

  /** Whether the task ends with it. */
  exit(container: string, exitCode: number, takesMs: number): boolean {
    this.#exits.set(container, exitCode);
    const { essential = true } = this.#definition(container) ?? {};
    if (essential) this.stop('Essential container in task exited', takesMs, 'EssentialContainerExited');
    else this.#become(this.#status);
    return essential;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** What ECS would answer, over what the emulator does. */
  view(record: TaskRecord): TaskRecord {
    const { number, subnet } = this.#options;
    const attachmentId = `eni-attachment-${number}`;
    const address = `10.0.${(number >> 7) & 15}.${10 + (number & 127)}`;
    return {
      ...record,
      lastStatus: this.#status,
      desiredStatus: this.#end ? 'STOPPED' : 'RUNNING',
      version: this.#version,
      startedAt: this.#startedAt,
      stoppedAt: this.#stoppedAt,
      stoppingAt: this.#end && (this.#stoppedAt ?? seconds()),
      stopCode: this.#end?.code,
      stoppedReason: this.#end?.reason,
      attachments: [
        {
          id: attachmentId,
          type: 'ElasticNetworkInterface',
          status: this.#status === 'PROVISIONING' ? 'PRECREATED' : 'ATTACHED',
          details: [
            { name: 'subnetId', value: subnet },
            { name: 'networkInterfaceId', value: `eni-${String(number).padStart(17, '0')}` },
            ...(this.#status === 'PROVISIONING' ? [] : [{ name: 'privateIPv4Address', value: address }]),
          ],
        },
      ],
      containers: record.containers.map((container) => this.#container(container, attachmentId, address)),
    };
  }

  #container(container: ContainerRecord, attachmentId: string, privateIpv4Address: string): ContainerRecord {
    const own = this.#options.definitions;
    const before = own.some(({ dependsOn = [] }) =>
      dependsOn.some(
        ({ containerName, condition }) =>
          containerName === container.name && /SUCCESS|COMPLETE/.test(condition),
      ),
    );
    // What others wait for has run to its end by the time that the task is RUNNING.
    const done = before && this.#startedAt !== undefined ? 0 : undefined;
    const killed = this.#status === 'STOPPED' ? 143 : undefined;
    const exitCode = this.#exits.get(container.name) ?? done ?? killed;
    const running = this.#startedAt !== undefined && exitCode === undefined;
    return {
      ...container,
      lastStatus: exitCode !== undefined ? 'STOPPED' : running ? 'RUNNING' : 'PENDING',
      exitCode,
      healthStatus: running && this.#definition(container.name)?.healthCheck ? 'HEALTHY' : 'UNKNOWN',
      networkInterfaces: [{ attachmentId, privateIpv4Address }],
    };
  }

  #definition(name: string): Definition | undefined {
    return this.#options.definitions.find((definition) => definition.name === name);
  }

  #become(status: string): void {
    this.#status = status;
    this.#version += 1;
    this.#say();
  }

  #say(): void {
    this.#options.changed(this.view(this.#options.record));
  }

  #after(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

const seconds = () => Date.now() / 1000;
