import type { Experiment } from '../experiment.ts';

const patienceMs = 330_000;

/** Whether a watch in which nothing happens ends by itself, as `docs/aws.md` asks. */
export const quietStream: Experiment = {
  name: 'quiet-stream',
  question: 'Does a watch in which nothing happens end by itself before the gateway cuts it at 300 s?',
  emulatorLacks: 'streams nothing: the front that speaks for the gateway is ours',
  run: async ({ run, kubectlPath, kubeconfig }) => {
    const began = Date.now();
    const watch = [
      '--kubeconfig',
      kubeconfig,
      'get',
      'configmaps',
      '--field-selector=metadata.name=nobody',
      '-w',
    ];
    const { output, exitCode } = await run(kubectlPath, watch, { timeoutMs: patienceMs });
    const seconds = Math.round((Date.now() - began) / 1000);
    const says = `after ${seconds} s with ${exitCode}${output.trim() ? `: ${output.trim().slice(-200)}` : ''}`;
    return { judgement: seconds < 300 && exitCode === 0 ? 'holds' : 'differs', says };
  },
};
