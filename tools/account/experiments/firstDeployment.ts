import type { Experiment } from '../experiment.ts';

/** How long a first deployment takes. */
export const firstDeployment: Experiment = {
  name: 'first-deployment',
  question: 'How long does a first deployment take? (docs/aws.md says about 5 minutes.)',
  emulatorLacks: 'makes networks and functions at once',
  run: async ({ deployedAfterMs }) => {
    const minutes = deployedAfterMs / 60_000;
    return { judgement: minutes <= 7 ? 'holds' : 'differs', says: `${minutes.toFixed(1)} minutes` };
  },
};
