// npm run bench:aws: recorded SDK calls and what they cost, bundle sizes and init times, and the cost of being idle, beside
// the goals of the design. Deploys into MiniStack, so it needs python3; `--bundles` and `--pods` (what Deployments of 10, 100
// and 1,000 Pods cost, in the simulation) are parts that need nothing.
import { type Bundle, measureBundles } from './bundles.ts';
import { recordCalls, type Step } from './calls.ts';
import { type IdleRow, idleRows } from './idle.ts';
import { countPods, podHead, podLines } from './pods.ts';

const parts = ['bundles', 'pods', 'calls'];
const asked = parts.filter((part) => process.argv.includes(`--${part}`));
const isWanted = (part: string) => asked.length === 0 || asked.includes(part);

if (isWanted('bundles')) {
  const bundles = await measureBundles();
  table(['function', 'KB', 'gzipped', 'init, CPU ms', 'goal', ''], bundles.map(bundleRow));
}
if (isWanted('pods')) table(podHead, podLines(await countPods()));
if (isWanted('calls')) {
  const steps = await recordCalls();
  table(['what', 'calls, each', 'of', '$ per million', 'goal', ''], steps.map(stepRow));
  idle(await idleRows(steps));
}

function bundleRow({ name, kilobytes, gzipped, initMs }: Bundle): string[] {
  return [
    name,
    String(kilobytes),
    String(gzipped),
    String(initMs),
    '< 300',
    initMs < 300 ? 'holds' : 'MISSED',
  ];
}

function stepRow({ what, count, calls }: Step): string[] {
  const kinds = Map.groupBy(calls, ({ name }) => name);
  const each = [...kinds]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, list]) => `${round(list.length / count)} ${name}`);
  const cost = calls.reduce((sum, call) => sum + call.cost, 0) / count;
  const [goal, holds] = goalOf(what, calls, count);
  return [what, String(round(calls.length / count)), each.join(', '), (cost * 1e6).toFixed(2), goal, holds];
}

/** The goals of docs/bench.md that are about calls. */
function goalOf(what: string, calls: Call[], count: number): [string, string] {
  const number = (pattern: RegExp) => calls.filter(({ name }) => pattern.test(name)).length / count;
  const verdict = (holds: boolean) => (holds ? 'holds' : 'MISSED');
  if (what.startsWith('GET')) return ['≤ 1 read', verdict(number(/dynamodb:/) <= 1)];
  if (what.includes('Pods'))
    return ['≤ 3 calls beside storage', verdict(number(/^(?!dynamodb|sqs|lambda|kms|sts|events)/) <= 3)];
  if (/^(create|replace it|delete)/.test(what))
    return ['≤ 1 counter update + 1 transaction', verdict(writesOnce(calls.filter(({ ofApi }) => ofApi)))];
  return ['', ''];
}

type Call = Step['calls'][number];

/** What controllers write because of it is theirs. */
function writesOnce(ofApi: Call[]): boolean {
  const writes = ofApi.map(({ name }) => name).filter((name) => /^dynamodb:(?!GetItem|Query)/.test(name));
  return (
    ofApi.length > 0 &&
    new Set(writes).size === writes.length &&
    writes.every((name) => ['dynamodb:UpdateItem', 'dynamodb:TransactWriteItems'].includes(name))
  );
}

/** What nobody using it costs, without and with what is always free in an account. */
function idle(rows: IdleRow[]): void {
  const sum = (of: (row: IdleRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const [whole, rest] = [sum(({ cost }) => cost), sum(({ cost, free = 0 }) => cost - free)];
  table(
    ['idle', '$ a month', 'with free tiers', 'goal', ''],
    [
      ...rows.map(({ what, cost, free = 0 }) => [what, cost.toFixed(3), (cost - free).toFixed(3), '', '']),
      ['in all', whole.toFixed(2), rest.toFixed(2), 'about 2', whole < 2.5 ? 'holds' : 'MISSED'],
    ],
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function table(head: string[], rows: string[][]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  console.log(
    `\n${[line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')}`,
  );
}
