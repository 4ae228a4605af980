import type { Site } from './site.ts';

/** One question about a deployment that only trying it answers. */
export interface Experiment {
  name: string;
  /** What is asked, as the report puts it. */
  question: string;
  /** Set where an emulator's answer would say nothing: what it lacks. */
  emulatorLacks?: string;
  /** Throws when it could not be tried to the end. */
  run(site: Site): Promise<Outcome>;
}

/** `holds`: as the documents and the simulation said. `differs`: something is to be mended. `measured`: a figure, no claim. */
export type Judgement = 'holds' | 'differs' | 'measured';

export interface Outcome {
  judgement: Judgement;
  says: string;
}

export interface Tried {
  name: string;
  question: string;
  /** `not judged`: an emulator stood for the account. `failed`: it could not be tried. `no time`: the run's time was over. */
  judgement: Judgement | 'not judged' | 'failed' | 'no time';
  says: string;
  seconds: number;
}

export interface TryOptions {
  site: Site;
  now(): number;
  /** Told of each as it has been tried. */
  tell(tried: Tried): void;
}

/** Tries all, one after the other. One that fails does not keep the others from being tried; the time's end does. */
export async function tryAll(experiments: readonly Experiment[], options: TryOptions): Promise<Tried[]> {
  const { site, now, tell } = options;
  const all: Tried[] = [];
  for (const experiment of experiments) {
    const began = now();
    const found = await outcomeOf(experiment, site);
    const { name, question } = experiment;
    const tried = { name, question, ...found, seconds: Math.round((now() - began) / 1000) };
    tell(tried);
    all.push(tried);
  }
  return all;
}

async function outcomeOf(
  { emulatorLacks, run }: Experiment,
  site: Site,
): Promise<Pick<Tried, 'judgement' | 'says'>> {
  if (site.emulated && emulatorLacks)
    return { judgement: 'not judged', says: `the emulator ${emulatorLacks}` };
  if (site.over.aborted) return { judgement: 'no time', says: "the run's time was over" };
  try {
    return await Promise.race([run(site), untilOver(site.over)]);
  } catch (error) {
    if (site.over.aborted) return { judgement: 'no time', says: "the run's time was over meanwhile" };
    return { judgement: 'failed', says: (error as Error).message };
  }
}

const untilOver = (over: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    over.addEventListener('abort', () => reject(new Error('over')), { once: true });
  });
