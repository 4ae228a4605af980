import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Many histories of the simulations, on all cores: `node test/simulation/many.ts dynamodb=5000 deployment=400` tries the
 * seeds from 1 on. Says which failed; `SHALLOP_SEED=n npm test -- --testPathPatterns test/simulation/dynamodb` replays one.
 */
const histories: Record<string, () => Promise<{ history(seed: number): Promise<unknown> }>> = {
  dynamodb: () => import('../support/dynamodb/history.ts'),
  deployment: () => import('../support/aws/deployedHistory.ts'),
  rollout: () => import('../support/aws/rolloutHistory.ts'),
};

interface Task {
  name: string;
  seeds: number[];
}

/** A process is asked for so many at a time. */
const portion = 10;

function tasksOf(args: readonly string[]): Task[] {
  return args.flatMap((arg) => {
    const [name = '', count] = arg.split('=');
    if (!histories[name] || !(Number(count) > 0)) throw new Error(`${arg} is no SIMULATION=COUNT`);
    const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1);
    const starts = seeds.filter((_, i) => i % portion === 0);
    return starts.map((first) => ({ name, seeds: seeds.slice(first - 1, first - 1 + portion) }));
  });
}

/** Answers a failure's text for each that failed. */
async function work({ name, seeds }: Task): Promise<string[]> {
  const { history } = await histories[name]!();
  const failures: string[] = [];
  for (const seed of seeds)
    await history(seed).catch((error: Error) => failures.push(`${name} ${error.message}`));
  return failures;
}

/** Hands tasks to processes until there are none. Answers how many histories failed. */
function share(tasks: Task[]): Promise<number> {
  let failed = 0;
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const process = fork(import.meta.filename, [], { execArgv: ['--disable-warning=ExperimentalWarning'] });
      const next = () => {
        const task = tasks.shift();
        if (task) process.send(task);
        else process.disconnect();
      };
      process.on('message', (failures: string[]) => {
        failed += failures.length;
        for (const failure of failures) console.log(failure);
        next();
      });
      process.on('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`)),
      );
      next();
    });
  return Promise.all(Array.from({ length: availableParallelism() }, lane)).then(() => failed);
}

if (process.send) process.on('message', async (task: Task) => process.send!(await work(task)));
else {
  const began = performance.now();
  const failed = await share(tasksOf(process.argv.slice(2)));
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`${process.argv.slice(2).join(', ')}: ${failed} failed, in ${seconds} s`);
  process.exitCode = failed ? 1 : 0;
}
