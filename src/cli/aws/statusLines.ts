import { total } from '../../aws/prices/month.ts';
import type { AwsStatus } from './awsStatus.ts';
import { billLines } from './costs/billLines.ts';
import { type Sign, whatIsMissing } from './health/signs.ts';
import type { AwsTarget } from './target.ts';
import type { Use } from './use.ts';
import { versionLines } from './versions.ts';

/** The status as people read it. Prices are those of us-east-1, of what runs now. */
export function statusLines(
  { name, region, endpoint, nat }: AwsTarget,
  { problem, version, versions, pods, loadBalancers, month, signs, use, billed }: AwsStatus,
): string[] {
  const spot = pods.spot ? `, ${pods.spot} on Spot` : '';
  const waiting = pods.waiting ? `, ${pods.waiting} waiting` : '';
  return [
    `deployment    shallop-${name} in ${region}, ${endpoint}`,
    `ready         ${problem ? `no: ${problem}` : 'yes'}`,
    ...versionLines(versions, version),
    `Pods          ${pods.running} running${spot}${waiting}; ${pods.cpu} vCPU, ${pods.gigabytes} GB as tasks`,
    `health        ${verdict(signs)}`,
    ...signs.flatMap(linesOf),
    ...(signs.some(({ state }) => state === 'unknown') ? [`  → ${whatIsMissing}`] : []),
    `a month       ${$(total(month))} of what runs now, in prices of us-east-1:`,
    `  tasks             ${$(month.tasks)}`,
    `  public addresses  ${$(month.addresses)}`,
    `  NAT               ${nat ? $(month.nat) : 'not known: the network is not of the deployment'}`,
    `  load balancers    ${$(month.loadBalancers)} for ${loadBalancers}`,
    `  control plane     ${$(month.controlPlane)} at rest`,
    ...useLines(use, month.use),
    ...(billed ? billLines(billed) : []),
  ];
}

const $ = (amount: number) => `$${amount.toFixed(2)}`;

function verdict(signs: Sign[]): string {
  const names = (state: Sign['state']) =>
    signs.filter((each) => each.state === state).map(({ name }) => name);
  const [bad, unknown] = [names('bad'), names('unknown')];
  const hidden = unknown.length ? `; not known: ${unknown.join(', ')}` : '';
  return `${bad.length ? `BAD: ${bad.join(', ')}` : 'good'}${hidden}`;
}

const linesOf = ({ name, state, says, remedy }: Sign): string[] => [
  `  ${name.padEnd(18)}${state === 'bad' ? 'BAD: ' : ''}${says}`,
  // One reason hides several, and its remedy stands once.
  ...(remedy && state === 'bad' ? [`${' '.repeat(20)}→ ${remedy}`] : []),
];

function useLines(use: Use, beyondRest = 0): string[] {
  if ('why' in use) return ['  use               not known; requests, open watches and logs come on top'];
  const { gateway, functions, table, queue, logs } = use.month;
  const { used, days } = use;
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  return [
    `  use               ${$(beyondRest)} beyond rest, as in the last ${days < 1 ? `${(days * 24).toFixed(1)} hours` : `${days.toFixed(1)} days`}; gigabytes that pass come on top:`,
    `    requests        ${$(gateway)} for the gateway's ${count(used.gatewayRequests)}`,
    `    functions       ${$(functions)} for ${count(used.functionRequests)} runs, ${count(used.functionGbSeconds)} GB-seconds`,
    `    table           ${$(table)} for ${count(used.reads)} units read, ${count(used.writes)} written`,
    `    queue           ${$(queue)} for ${count(used.queueRequests)} requests at most`,
    `    logs            ${$(logs)} for ${used.logGigabytes.toFixed(2)} GB`,
  ];
}
