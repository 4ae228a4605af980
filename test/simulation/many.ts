import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { addTo, linesOf, type Tally } from '../support/tally.ts';

/**
 * Many histories of the simulations, on all cores: `node test/simulation/many.ts dynamodb=5000 deployment=400` tries the
 * seeds from 1 on, `rollout=2001-2500` those. `SHALLOP_CORES=1` leaves the other cores alone. Says which failed, and how
 * many of each kind there were; `SHALLOP_SEED=n npm test -- --testPathPatterns test/simulation/dynamodb` replays one.
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
  sleeping: async () => (await import('../support/aws/sleepingHistory.ts')).history,
  rollout: () => rollouts(2),
  rollout25: () => rollouts(25),
  rollout100: () => rollouts(100),
};

const rollouts = async (replicas: number) =>
  (await import('../support/aws/rolloutHistory.ts')).historyOf(replicas);

/** Whether histories of this name say themselves what is to be counted. */
const tallies = (name: string) => /^(rollout|workloads|sleeping|deploymentforks)/.test(name);

interface Task {
  name: string;
  seeds: number[];
}

interface Outcome {
  /** A text for each history that failed. */
  failures: string[];
  tally: Tally;
}

/** A process is asked for so many at a time. */
const portion = 10;

function tasksOf(args: readonly string[]): Task[] {
  return args.flatMap((arg) => {
    const [, name = '', from = '1', to] = /^(\w+)=(?:(\d+)-)?(\d+)$/.exec(arg) ?? [];
    if (!histories[name] || !(Number(to) >= Number(from)))
      throw new Error(`${arg} is no SIMULATION=COUNT or SIMULATION=FIRST-LAST`);
    const seeds = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
    const starts = seeds.flatMap((_, i) => (i % portion === 0 ? [i] : []));
    return starts.map((i) => ({ name, seeds: seeds.slice(i, i + portion) }));
  });
}

async function work({ name, seeds }: Task): Promise<Outcome> {
  const history = await histories[name]!();
  const outcome: Outcome = { failures: [], tally: {} };
  for (const seed of seeds)
    try {
      const met = await history(seed);
      addTo(outcome.tally, tallies(name) ? (met as Tally) : { [name]: { histories: 1 } });
    } catch (error) {
      outcome.failures.push(`${name} ${(error as Error).message}`);
    }
  return outcome;
}

/** Hands tasks to processes until there are none. */
async function share(tasks: Task[]): Promise<{ failed: number; tally: Tally }> {
  const all = { failed: 0, tally: {} as Tally };
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const process = fork(import.meta.filename, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
      const next = () => {
        const task = tasks.shift();
        if (task) process.send(task);
        else process.disconnect();
      };
      process.on('message', ({ failures, tally }: Outcome) => {
        all.failed += failures.length;
        for (const failure of failures) console.log(failure);
        addTo(all.tally, tally);
        next();
      });
      process.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      next();
    });
  const cores = Number(process.env.SHALLOP_CORES) || availableParallelism();
  await Promise.all(Array.from({ length: cores }, lane));
  return all;
}

if (process.send) process.on('message', async (task: Task) => process.send!(await work(task)));
else {
  const began = performance.now();
  const { failed, tally } = await share(tasksOf(process.argv.slice(2)));
  for (const line of linesOf(tally)) console.log(line);
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`${process.argv.slice(2).join(', ')}: ${failed} failed, in ${seconds} s`);
  process.exitCode = failed ? 1 : 0;
}
