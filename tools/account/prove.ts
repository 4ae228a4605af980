import { hoursOfMonth } from '../../src/aws/prices/index.ts';
import { monthOf, sold, total } from '../../src/aws/prices/month.ts';
import { type Experiment, type Tried, tryAll } from './experiment.ts';
import type { Place } from './place.ts';
import { run, type Site } from './site.ts';

export interface ProveOptions {
  place: Place;
  name: string;
  /** Dollars that the run may cost at most. */
  budget: number;
  minutes: number;
  experiments: readonly Experiment[];
  kubectlPath: string;
  /** Aborts when the user wants it to end: it destroys then. */
  interrupted?: AbortSignal;
  say(line: string): void;
  now(): number;
}

/** What a run found out. */
export interface Proof {
  name: string;
  region: string;
  emulated: boolean;
  tried: Tried[];
  /** What the run may have cost at most, by the price table. */
  dollars: number;
  seconds: number;
  /** What is still there of it. */
  left: string[];
  /** Set where the run did not come to its end: nothing was deployed, or not all of it destroyed. */
  trouble?: string;
}

/** Everybody may pull it, for both architectures; it has a shell. */
const image = 'public.ecr.aws/docker/library/busybox:1.37';
/** Requests, functions and their logs, with room. */
const otherDollars = 0.5;

/**
 * Deploys, tries everything within the time, destroys in any case and looks whether anything is left. Throws before anything
 * is made when the run may cost more than it is allowed to.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const { place, name, budget, minutes, say, now } = options;
  const dollars = mostDollars(minutes);
  if (dollars > budget)
    throw new Error(
      `a run of ${minutes} minutes may cost $${dollars.toFixed(2)}, and --budget is ${budget}: give it less time, or more money`,
    );
  const began = now();
  const proof: Proof = {
    name,
    region: place.region,
    emulated: place.emulated,
    tried: [],
    dollars,
    seconds: 0,
    left: [],
  };
  const before = await place.everything(name);
  try {
    say(`deploying shallop-${name}`);
    const deployed = await place.deploy(name, () => {});
    try {
      const deployedAfterMs = now() - began;
      const time = AbortSignal.timeout(Math.max(1, minutes * 60_000 - deployedAfterMs));
      const over = options.interrupted ? AbortSignal.any([time, options.interrupted]) : time;
      const site = siteOf(options, { ...deployed, deployedAfterMs, over, since: began });
      proof.tried = await tryAll(options.experiments, { site, now, tell: (each) => say(lineOf(each)) });
    } finally {
      try {
        say(`destroying shallop-${name}`);
        await deployed.destroy();
        proof.left = (await place.everything(name)).filter((each) => !before.includes(each));
      } finally {
        await deployed.close();
      }
    }
  } catch (error) {
    proof.trouble = (error as Error).message;
  }
  return { ...proof, seconds: Math.round((now() - began) / 1000) };
}

/** The smallest tasks that experiments start, a load balancer, and everything else, for the whole time. */
export function mostDollars(minutes: number): number {
  const tasks = [{ count: 12, size: sold({ cpu: 256, memory: 512 }), architecture: 'amd64' as const }];
  const month = total(monthOf({ tasks, nat: 'none', zones: 2, loadBalancers: 1 }));
  return (month / hoursOfMonth) * (minutes / 60) + otherDollars;
}

const lineOf = ({ name, judgement, says, seconds }: Tried) =>
  `${judgement.padEnd(11)}${name.padEnd(18)}${says} (${seconds} s)`;

type Opened = Pick<Site, 'endpoint' | 'kubeconfig' | 'proxy' | 'deployedAfterMs' | 'over' | 'since'>;

const siteOf = ({ place, name, kubectlPath }: ProveOptions, opened: Opened): Site => ({
  ...opened,
  name,
  region: place.region,
  emulated: place.emulated,
  image,
  kubectlPath,
  run,
  kubectl: async (args, input) => {
    const { output, exitCode } = await run(kubectlPath, ['--kubeconfig', opened.kubeconfig, ...args], {
      ...(input && { input: JSON.stringify(input) }),
    });
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${output.trim()}`);
    return output.trim();
  },
});
