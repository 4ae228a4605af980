import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

const path = join(import.meta.dirname, 'results.json');

/** Of the specs that are not of conformance, those that ran. */
export const beyondPath = join(import.meta.dirname, 'beyond.json');

export const readResults = (file = path): Results => JSON.parse(readFileSync(file, 'utf8')) as Results;

/** Writes one line a spec, so that a change of one result is a change of one line. */
export function writeResults({ suite, specs }: Results, file = path): void {
  const lines = specs.map((spec) => `    ${JSON.stringify(spec)}`).join(',\n');
  const text = `{\n  "suite": ${JSON.stringify(suite)},\n  "specs": [\n${lines}\n  ]\n}\n`;
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

/** The group that a spec belongs to, without `sig-`. */
export const sigOf = ({ name }: Pick<Spec, 'name'>): string => /^\[sig-([a-z-]+)\]/.exec(name)?.[1] ?? '';
