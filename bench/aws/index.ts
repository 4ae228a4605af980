// npm run bench:aws: recorded SDK calls and what they cost, bundle sizes and init times, and the cost of being idle, beside
// the goals of the design. Deploys into MiniStack, so it needs python3; `--bundles` needs nothing.
import { controllerGroups } from '../../src/aws/names.ts';
import { type Bundle, measureBundles } from './bundles.ts';
import { recordCalls, type Step } from './calls.ts';
import { hoursOfMonth, prices } from './prices.ts';

const bundles = await measureBundles();
table(['function', 'KB', 'gzipped', 'init, CPU ms', 'goal', ''], bundles.map(bundleRow));
if (!process.argv.includes('--bundles')) {
  const steps = await recordCalls();
  table(['what', 'calls, each', 'of', '$ per million', 'goal', ''], steps.map(stepRow));
  idle(steps);
}

function bundleRow({ name, kilobytes, gzipped, initMs }: Bundle): string[] {
  return [
    name,
    String(kilobytes),
    String(gzipped),
    String(initMs),
    '< 500',
    initMs < 500 ? 'holds' : 'MISSED',
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

/** The goals of design §9 that are about calls. */
function goalOf(what: string, calls: Call[], count: number): [string, string] {
  const number = (pattern: RegExp) => calls.filter(({ name }) => pattern.test(name)).length / count;
  const verdict = (holds: boolean) => (holds ? 'holds' : 'MISSED');
  if (what.startsWith('GET')) return ['≤ 1 read', verdict(number(/dynamodb:/) <= 1)];
  if (what.includes('Pods'))
    return ['≤ 3 calls beside storage', verdict(number(/^(?!dynamodb|sqs|kms|sts|events)/) <= 3)];
  return ['', ''];
}

type Call = Step['calls'][number];

/** What nobody using it costs: what is kept, what looks whether there is something, what watches. */
function idle(steps: Step[]): void {
  const minutes = hoursOfMonth * 60;
  const costOf = (what: string) =>
    steps.find((step) => step.what.startsWith(what))!.calls.reduce((sum, call) => sum + call.cost, 0);
  // One in ten looks at everything.
  const resyncs = 0.9 * costOf('a resync of any') + 0.1 * costOf('a resync of everything');
  // Lambda looks into each queue with 5 pollers of 20 s; looking into a stream costs nothing.
  const polls = controllerGroups.length * 5 * 3 * minutes;
  const rows: [string, number][] = [
    ['KMS key', prices.kmsKey],
    ['private zone', prices.hostedZone],
    ['queues, looked into', polls * prices.sqsRequest],
    ['resync, each minute: its calls', minutes * resyncs],
    [
      'resync, each minute: schedule and 0.2 s of 512 MB',
      minutes * (prices.schedulerInvocation + prices.lambdaRequest + 0.1 * prices.lambdaGbSecond),
    ],
    ['alarms (12; 10 are free in an account)', 12 * prices.alarm],
    ['storage, 100 MB', 0.1 * prices.storageGb],
  ];
  const sum = rows.reduce((total, [, cost]) => total + cost, 0);
  table(
    ['idle', '$ a month', 'goal', ''],
    [
      ...rows.map(([what, cost]) => [what, cost.toFixed(2), '', '']),
      ['in all, without free tiers', sum.toFixed(2), 'about 2', sum < 2.5 ? 'holds' : 'MISSED'],
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
