import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { areas, casesOf } from './recordings.ts';
import { verdicts } from './verdicts.ts';

/** By area, the cases whose answers differ, with the reason: written by tools/differential/differing.ts. */
export type Differing = Record<string, Record<string, string>>;

export const differingPath = join(import.meta.dirname, '../../test/differential/testdata', 'differing.json');

export const readDiffering = (): Differing => JSON.parse(readFileSync(differingPath, 'utf8'));

/** A section of docs/compatibility.md: how many answers are those of a real server. */
export function differentialSection(): string {
  const differing = readDiffering();
  const rows = areas.map((area) => row(area, casesOf(area).length, Object.values(differing[area] ?? {})));
  const total = rows.reduce((sums, { counts }) => sums.map((sum, i) => sum + counts[i]!), [0, 0, 0, 0]);
  const [all, same, differs, notYet] = total;
  return `## Requests
Asked of kube-apiserver 1.35 once (\`tools/differential\`) and of shallop at every test (\`test/differential\`): code, body and
warnings must be the same. What differs stands with its reason in \`tools/differential/verdicts.ts\`.

${all} requests: ${same} same, ${differs} differ by design, ${notYet} not yet.

| area | requests | same | differ by design | not yet |
| --- | --- | --- | --- | --- |
${rows.map(({ area, counts }) => `| ${area} | ${counts.join(' | ')} |`).join('\n')}`;
}

function row(area: string, all: number, reasons: string[]) {
  const count = (is: 'differs' | 'notYet') => reasons.filter((reason) => isOf(reason) === is).length;
  const [differs, notYet] = [count('differs'), count('notYet')];
  return { area, counts: [all, all - differs - notYet, differs, notYet] };
}

const isOf = (reason: string) => verdicts.find((verdict) => verdict.reason === reason)?.is;
