import { setTimeout as passing } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { reportsOf } from '../reports.ts';
import { eventually } from '../site.ts';

/** A client that leaves after this. */
const watchedSeconds = 15;

/** Whether the function learns that its client has left: every second of a watch is paid for. */
export const disconnect: Experiment = {
  name: 'disconnect',
  question: 'How long does the function run on when the client of a watch has left?',
  emulatorLacks: 'streams nothing: the front that speaks for the gateway is ours',
  run: async ({ run, kubectlPath, kubeconfig, name }) => {
    const since = Date.now();
    await run(kubectlPath, ['--kubeconfig', kubeconfig, 'get', 'configmaps', '-A', '-w'], {
      timeoutMs: watchedSeconds * 1000,
    });
    // A report is written when the run has ended, at the latest after the longest watch.
    let longest = 0;
    await eventually(
      'the report of the watch',
      async () => {
        await passing(10_000);
        const found = await reportsOf(name, 'api', since);
        longest = Math.max(0, ...found.map(({ durationMs }) => durationMs));
        return longest > watchedSeconds * 900;
      },
      360_000,
    );
    const on = Math.round(longest / 1000) - watchedSeconds;
    return {
      judgement: 'measured',
      says: `${on} s more than the ${watchedSeconds} s that it was watched for`,
    };
  },
};
