/** What a container of a task has used, as ECS' endpoint of task metadata tells it (version 4). */
export interface Counted {
  name: string;
  startedAt: number;
  /** Absent: Docker counts nothing of it yet. */
  used?: {
    at: number;
    cpuNanoseconds: number;
    memoryBytes: number;
    before?: { at: number; cpuNanoseconds: number };
  };
  status?: string;
}

/** Bytes of files that the kernel takes away first: in the sum of Docker, not in the working set. */
const inactiveBytes = 3 * 2 ** 20;

const time = (at: number) => new Date(at).toISOString().replace('Z', '123456Z');
const idOf = (name: string) => `cd189a933e5849daa93386466019ab50-${name}`;

export interface TaskMetadata {
  task: object;
  stats: object;
}

/** `/task` and `/task/stats`, with what Fargate says beside. `version` is that of the control groups. */
export function taskMetadata(containers: Counted[], version: 1 | 2 = 2): TaskMetadata {
  const limits = { CPU: 0.25, Memory: 512 };
  return {
    task: {
      Cluster: 'arn:aws:ecs:us-west-2:111122223333:cluster/default',
      TaskARN: 'arn:aws:ecs:us-west-2:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c',
      DesiredStatus: 'RUNNING',
      KnownStatus: 'RUNNING',
      Limits: limits,
      LaunchType: 'FARGATE',
      Containers: containers.map(({ name, startedAt, status = 'RUNNING' }) => ({
        DockerId: idOf(name),
        Name: name,
        DockerName: name,
        Image: 'i',
        KnownStatus: status,
        Limits: { CPU: 2 },
        CreatedAt: time(startedAt),
        StartedAt: time(startedAt),
        Type: 'NORMAL',
      })),
    },
    stats: Object.fromEntries(
      containers.map(({ name, used }) => [
        idOf(name),
        used ? { ...statsOf(used, version), name, id: idOf(name) } : null,
      ]),
    ),
  };
}

const statsOf = (
  { at, cpuNanoseconds, memoryBytes, before }: NonNullable<Counted['used']>,
  version: 1 | 2,
) => ({
  read: time(at),
  preread: before ? time(before.at) : '0001-01-01T00:00:00Z',
  pids_stats: { current: 2 },
  num_procs: 0,
  cpu_stats: { cpu_usage: { total_usage: cpuNanoseconds, usage_in_usermode: 0 }, online_cpus: 2 },
  precpu_stats: { cpu_usage: { total_usage: before?.cpuNanoseconds ?? 0 } },
  memory_stats: {
    usage: memoryBytes + inactiveBytes,
    limit: 2 ** 32,
    stats:
      version === 2
        ? { inactive_file: inactiveBytes }
        : { inactive_file: 1, total_inactive_file: inactiveBytes },
  },
  networks: { eth1: { rx_bytes: 564655295, tx_bytes: 3148960 } },
});
