import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { knowBlobs } from '../support/dynamodb/knownBlobs.ts';
import { addTo, linesOf, type Tally } from '../support/tally.ts';

/**
 * Many histories of the simulations, on all cores: `node test/simulation/many.ts dynamodb=5000 deployment=400` tries the
 * seeds from 1 on, `rollout=2001-2500` those. `SHALLOP_CORES=1` leaves the other cores alone. Says which failed, and how
 * many of each kind there were; `SHALLOP_SEED=n npm test -- --testPathPatterns test/simulation/dynamodb` replays one. Long
 * runs say every few minutes how far they are; cut off by a signal, they tell of the histories that were done.
 */
const histories: Record<string, () => Promise<(seed: number) => Promise<unknown>>> = {
  dynamodb: async () => (await import('../support/dynamodb/history.ts')).history,
  forks: async () => {
    const { history } = await import('../support/dynamodb/history.ts');
    return (seed) => history(seed, true);
  },
  deployment: async () => (await import('../support/aws/deployedHistory.ts')).history,
  deploymentforks: async () => (await import('../support/aws/forkedHistory.ts')).history,
  workloads: async () => (await import('../support/aws/workloadHistory.ts')).history,
  briefworkloads: async () => (await import('../support/aws/workloadHistory.ts')).briefHistory,
  sleeping: async () => (await import('../support/aws/sleepingHistory.ts')).history,
  upgrades: async () => (await import('../support/aws/upgradeHistory.ts')).openUpgrades(),
  rollout: () => rollouts(2),
  rollout25: () => rollouts(25),
  rollout100: () => rollouts(100),
};

const rollouts = async (replicas: number) =>
  (await import('../support/aws/rolloutHistory.ts')).historyOf(replicas);

/** Whether histories of this name say themselves what is to be counted. */
const tallies = (name: string) =>
  /^(rollout|workloads|briefworkloads|sleeping|upgrades|deploymentforks)/.test(name);

interface Task {
  name: string;
  seeds: number[];
}

interface Outcome {
  histories: number;
  /** A text for each history that failed. */
  failures: string[];
  tally: Tally;
  /** Seconds, of all cores. */
  cpu: number;
}

/** A process is asked for so many at a time: one where a history takes seconds. */
const portionOf = (name: string) => (/^rollout\d/.test(name) ? 1 : 10);
const progressMs = 180_000;

function tasksOf(args: readonly string[]): Task[] {
  return args.flatMap((arg) => {
    const [, name = '', from = '1', to] = /^(\w+)=(?:(\d+)-)?(\d+)$/.exec(arg) ?? [];
    if (!histories[name] || !(Number(to) >= Number(from)))
      throw new Error(`${arg} is no SIMULATION=COUNT or SIMULATION=FIRST-LAST`);
    const seeds = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
    const portion = portionOf(name);
    const starts = seeds.flatMap((_, i) => (i % portion === 0 ? [i] : []));
    return starts.map((i) => ({ name, seeds: seeds.slice(i, i + portion) }));
  });
}

async function work({ name, seeds }: Task): Promise<Outcome> {
  const history = await histories[name]!();
  const began = process.cpuUsage();
  const outcome: Outcome = { histories: seeds.length, failures: [], tally: {}, cpu: 0 };
  for (const seed of seeds)
    try {
      const met = await history(seed);
      addTo(outcome.tally, tallies(name) ? (met as Tally) : { [name]: { histories: 1 } });
    } catch (error) {
      outcome.failures.push(`${name} ${(error as Error).message}`);
    }
  const { user, system } = process.cpuUsage(began);
  return { ...outcome, cpu: (user + system) / 1_000_000 };
}

interface Sum extends Omit<Outcome, 'failures'> {
  failed: number;
}

/** Hands tasks to processes until there are none, and adds to the sum what comes of each. */
async function share(tasks: Task[], sum: Sum): Promise<void> {
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const process = fork(import.meta.filename, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
      const next = () => {
        const task = tasks.shift();
        if (task) process.send(task);
        else process.disconnect();
      };
      process.on('message', ({ histories, failures, tally, cpu }: Outcome) => {
        sum.histories += histories;
        sum.failed += failures.length;
        sum.cpu += cpu;
        for (const failure of failures) console.log(failure);
        addTo(sum.tally, tally);
        next();
      });
      process.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      next();
    });
  const cores = Number(process.env.SHALLOP_CORES) || availableParallelism();
  await Promise.all(Array.from({ length: cores }, lane));
}

async function main(asked: string[]): Promise<void> {
  const began = performance.now();
  const tasks = tasksOf(asked);
  const count = tasks.reduce((n, { seeds }) => n + seeds.length, 0);
  const sum: Sum = { histories: 0, failed: 0, tally: {}, cpu: 0 };
  const told = () => {
    const each = (sum.cpu / Math.max(1, sum.histories)).toFixed(2);
    const seconds = Math.round((performance.now() - began) / 1_000);
    return `${sum.failed} failed, in ${seconds} s, ${each} s of CPU each`;
  };
  const far = () => `${asked.join(', ')}: ${sum.histories} of ${count} histories, ${told()}`;
  const end = (line: string) => {
    for (const each of linesOf(sum.tally)) console.log(each);
    console.log(line);
  };
  const progress = setInterval(() => console.log(far()), progressMs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      end(`cut off: ${far()}`);
      process.exit(1);
    });
  await share(tasks, sum);
  clearInterval(progress);
  end(`${asked.join(', ')}: ${told()}`);
  process.exitCode = sum.failed ? 1 : 0;
}

if (process.send) {
  knowBlobs();
  // Nobody sees the stack of an error that the simulation throws in the place of AWS.
  Error.stackTraceLimit = 0;
  process.on('message', async (task: Task) => process.send!(await work(task)));
} else await main(process.argv.slice(2));
