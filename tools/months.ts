/**
 * Part of `npm run update`: the table of docs/aws.md with what a month costs, beside others that run containers on Fargate,
 * computed from the price table. A structure test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hoursOfMonth, prices } from '../src/aws/prices/index.ts';
import {
  asleepMonth,
  balancersMonth,
  monthOf,
  type Running,
  sold,
  sweepingMonth,
  taskMonth,
  total,
  waitingCost,
  watchedMonth,
} from '../src/aws/prices/month.ts';

export const path = join(import.meta.dirname, '..', 'docs', 'aws.md');
const [begin, end] = ['<!-- months: npm run update -->', '<!-- /months -->'];

const pods = [0, 5, 100, 1_000];
const zones = 2;
const asked = { cpu: 256, memory: 512 };
const replacements = 30;

/** What shallop asks for so many Pods. */
const here = (nat: Running['nat'], spot: boolean) => (count: number) =>
  total(
    monthOf({
      tasks: [{ count, size: sold(asked), architecture: 'amd64', spot }],
      // A network with NAT has it whether or not there are Pods.
      ...{ nat, zones, replacements, loadBalancers: count ? 1 : 0 },
    }),
  );

/** EKS adds 256 MB to each Pod on Fargate, which stands in private subnets only, and runs CoreDNS twice. */
function eks(count: number): number {
  const task = (number: number, memory: number) => ({
    count: number,
    size: sold({ cpu: 256, memory: memory + 256 }),
    architecture: 'amd64' as const,
  });
  const { controlPlane: _, ...month } = monthOf({
    tasks: [task(count, asked.memory), task(2, 70)],
    ...{ nat: 'gateway', zones, loadBalancers: count ? 1 : 0 },
  });
  return Object.values(month).reduce((sum, each) => sum + each, prices.eksControlPlane * hoursOfMonth);
}

/** ECS Express Mode shares one load balancer among services; its control plane is free. */
function express(count: number): number {
  if (!count) return 0;
  const task = { count, size: sold(asked), architecture: 'amd64' as const };
  const { tasks, addresses } = monthOf({ tasks: [task], nat: 'none', zones, loadBalancers: 0 });
  return tasks + addresses + balancersMonth(1, zones);
}

const rows: [what: string, month: (count: number) => number][] = [
  ['shallop', here('none', false)],
  ['shallop, `nat=instance`', here('instance', false)],
  ['shallop, `nat=gateway`', here('gateway', false)],
  ['shallop on Spot', here('none', true)],
  ['shallop on Spot, `nat=instance`', here('instance', true)],
  ['shallop on Spot, `nat=gateway`', here('gateway', true)],
  ['EKS with Fargate', eks],
  ['ECS Express Mode', express],
];

/** The page with the table as prices are now. Throws when it has lost its place. */
export function withMonths(page: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('docs/aws.md has no place for months');
  const cells = [
    ['$ a month, Pods:', ...pods.map((count) => count.toLocaleString('en'))],
    ['---', ...pods.map(() => '--:')],
    ...rows.map(([what, month]) => [what, ...pods.map((count) => dollars(month(count)))]),
  ];
  const table = cells.map((row) => `| ${row.join(' | ')} |\n`).join('');
  return `${before}${begin}\n${table}${end}${after}`;
}

export const sleepingPath = join(import.meta.dirname, '..', 'docs', 'scale-to-zero.md');
const [sleepingBegin, sleepingEnd] = ['<!-- sleeping: npm run update -->', '<!-- /sleeping -->'];

/** What scale to zero costs and saves, with its unit. */
const sleeping: [what: string, amount: number][] = [
  ['`-c scaleToZero=true` by itself', sweepingMonth()],
  ['a Service that sleeps all month', asleepMonth()],
  ['a Service that is awake all month, looked at for a silence of 10 minutes', watchedMonth(10)],
  [
    'its Pod of 0.25 vCPU and 512 MB, while it is awake',
    taskMonth({ count: 1, size: sold(asked), architecture: 'amd64' }),
  ],
  ['its load balancer in two zones, awake or asleep', balancersMonth(1, zones)],
  ['1,000 requests that wait 40 seconds for a Pod', 1_000 * waitingCost(40)],
];

/** The page with what sleeping costs as prices are now. Throws when it has lost its place. */
export function withSleeping(page: string): string {
  const [before, rest] = page.split(sleepingBegin);
  const after = rest?.split(sleepingEnd)[1];
  if (before === undefined || after === undefined)
    throw new Error('docs/scale-to-zero.md has no place for prices');
  const rows = [
    ['', '$ a month'],
    ['---', '--:'],
    ...sleeping.map(([what, amount]) => [what, dollars(amount)]),
  ];
  const table = rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
  return `${before}${sleepingBegin}\n${table}${sleepingEnd}${after}`;
}

const dollars = (amount: number) =>
  amount < 10 && amount > 0 ? amount.toFixed(2) : Math.round(amount).toLocaleString('en');

if (import.meta.filename === process.argv[1]) {
  writeFileSync(path, withMonths(readFileSync(path, 'utf8')));
  writeFileSync(sleepingPath, withSleeping(readFileSync(sleepingPath, 'utf8')));
}
