import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, placeSigs, places } from './places.ts';
import type { Ended } from './transcript.ts';

/** How a spec ended; `skipped` by the suite itself, since something about the cluster is not there. */
export type Outcome = 'passed' | 'failed' | 'timed out' | 'crashed' | 'skipped';

/** What is known of one of the specs. Without an outcome it was never run. */
export interface Spec {
  name: string;
  outcome?: Outcome;
  seconds?: number;
  /** The suite's own words about the failure. */
  failure?: string;
  /** The commit of shallop it ran against, and when. */
  commit?: string;
  date?: string;
}

export interface Results {
  /** The release of Kubernetes that the suite is from. */
  suite: string;
  specs: Spec[];
}

const pathOf = (place: Place) => join(import.meta.dirname, places[place].file);

/** Of the specs that are not of conformance, those that ran. */
export const beyondPath = join(import.meta.dirname, 'beyond.json');

export const readResults = (file = pathOf('root')): Results =>
  JSON.parse(readFileSync(file, 'utf8')) as Results;

/** Writes one line a spec, so that a change of one result is a change of one line. */
export function writeResults({ suite, specs }: Results, file = pathOf('root')): void {
  const lines = specs.map((spec) => `    ${JSON.stringify(spec)}`).join(',\n');
  const text = `{\n  "suite": ${JSON.stringify(suite)},\n  "specs": [\n${lines}\n  ]\n}\n`;
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

/** What is known of a place's specs: of all as root, elsewhere of those that depend on the place. */
export function resultsOf(place: Place): Results {
  const { suite, specs } = readResults();
  if (place === 'root') return { suite, specs };
  const names = specs.filter((spec) => placeSigs.includes(sigOf(spec))).map(({ name }) => name);
  return { suite, specs: known(names, existsSync(pathOf(place)) ? readResults(pathOf(place)).specs : []) };
}

/** Writes a place's results; elsewhere than as root only of what ran. */
export const writeResultsOf = (place: Place, { suite, specs }: Results): void =>
  writeResults(
    { suite, specs: place === 'root' ? specs : specs.filter(({ outcome }) => outcome) },
    pathOf(place),
  );

/** What is known of each of these names, and nothing of others: a spec without an outcome was never run. */
export const known = (names: string[], specs: Spec[]): Spec[] => {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  return names.map((name) => byName.get(name) ?? { name });
};

/** These results with those of `specs` in the place of what was known of them, and at the end of their group where nothing was. */
export function updated({ suite, specs: before }: Results, specs: readonly Spec[]): Results {
  const byName = new Map([...before, ...specs].map((spec) => [spec.name, spec]));
  const groups = Map.groupBy(byName.values(), sigOf);
  return { suite, specs: [...groups.values()].flat() };
}

/** Records how a spec ended, but not that it was skipped where it has passed: the machine of this run says less than that one did. */
export function note(
  { specs }: Results,
  { name, outcome, seconds, failure }: Ended,
  commit: string,
  now: Date,
): void {
  const spec = specs.find((known) => known.name === name);
  if (!spec || (outcome === 'skipped' && spec.outcome === 'passed')) return;
  Object.assign(spec, { outcome, seconds, failure, commit, date: now.toISOString().slice(0, 10) });
}

/** The group that a spec belongs to, without `sig-`. */
export const sigOf = ({ name }: Pick<Spec, 'name'>): string => /^\[sig-([a-z-]+)\]/.exec(name)?.[1] ?? '';
