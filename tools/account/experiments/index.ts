import type { Experiment } from '../experiment.ts';
import { coldStarts } from './coldStarts.ts';
import { denials } from './denials.ts';
import { disconnect } from './disconnect.ts';
import { durations } from './durations.ts';
import { execForward } from './execForward.ts';
import { firstDeployment } from './firstDeployment.ts';
import { imageVolume } from './imageVolume.ts';
import { kubectlTable } from './kubectlTable.ts';
import { notBegun } from './notBegun.ts';
import { quietStream } from './quietStream.ts';
import { refusals } from './refusals.ts';
import { resolvConf } from './resolvConf.ts';
import { rollout } from './rollout.ts';
import { story } from './story.ts';
import { taskEvents } from './taskEvents.ts';
import { unknownFamily } from './unknownFamily.ts';

/** Everything that is tried, in this order: what reads logs comes after what writes them. */
export const experiments: readonly Experiment[] = [
  firstDeployment,
  story,
  kubectlTable,
  resolvConf,
  taskEvents,
  imageVolume,
  execForward,
  rollout,
  quietStream,
  disconnect,
  refusals,
  unknownFamily,
  denials,
  coldStarts,
  durations,
  notBegun,
];
