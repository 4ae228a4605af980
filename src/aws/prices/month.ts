import type { PodSpec } from '../../shared/kinds/schema/types.ts';
import type { Architecture } from '../drivers/pods/architecture.ts';
import { requested, roundUp, type TaskSize } from '../drivers/pods/sizes.ts';
import { hoursOfMonth, prices } from './index.ts';

/** Tasks of one kind that run all the time. */
export interface Tasks {
  count: number;
  /** As Fargate sells it. */
  size: TaskSize;
  architecture: Architecture;
  spot?: boolean;
}

/** Describes what runs all the time, for the price of a month. */
export interface Running {
  tasks: Tasks[];
  /** Says how tasks reach the internet; `none`: each has a public address. */
  nat: 'none' | 'gateway' | 'instance';
  zones: number;
  loadBalancers: number;
  /** Says how often a Pod is replaced in a month. Default 0. */
  replacements?: number;
}

/** Dollars of a month, by what they are for. */
export interface Month {
  tasks: number;
  addresses: number;
  nat: number;
  loadBalancers: number;
  controlPlane: number;
  /** Requests and what follows from them, beyond a deployment at rest; absent: not known. */
  use?: number;
}

/** The price of a month of a deployment. What passes (gigabytes), logs and open watches are not in it. */
export function monthOf({ tasks, nat, zones, loadBalancers, replacements = 0 }: Running): Month {
  const count = tasks.reduce((sum, each) => sum + each.count, 0);
  const translators = { none: 0, gateway: zones, instance: 1 }[nat];
  const hourly = { none: 0, gateway: prices.natGateway, instance: prices.natInstance }[nat];
  return {
    tasks: tasks.reduce((sum, each) => sum + taskMonth(each), 0),
    addresses: (nat === 'none' ? count : translators) * prices.publicAddress * hoursOfMonth,
    nat: translators * hourly * hoursOfMonth,
    loadBalancers: balancersMonth(loadBalancers, zones),
    controlPlane: prices.atRestMonth + count * replacements * prices.podStart,
  };
}

/** All of it together. */
export const total = (month: Month): number =>
  Object.values(month).reduce((sum, each: number) => sum + each, 0);

/** So many tasks around the clock. */
export function taskMonth({ count, size: { cpu, memory }, architecture, spot = false }: Tasks): number {
  const { cpu: perCpu, gb } = prices.task[architecture];
  const hour = (cpu / 1024) * perCpu + (memory / 1024) * gb;
  return count * hour * hoursOfMonth * (spot ? prices.spotShare : 1);
}

/** Those of the internet have an address in each zone. */
export const balancersMonth = (count: number, zones: number): number =>
  count * (prices.loadBalancer + zones * prices.publicAddress) * hoursOfMonth;

/** Is what a telling of a Pod's use takes: GB and seconds of the API's function, and reads to know who tells. */
const telling = { gbSeconds: 0.5 * 0.03, reads: 3, writes: 1 };

/** A Pod that tells what it uses once in so many seconds, without logs. */
export function measuringMonth(everySeconds: number): number {
  const { gatewayRequest, lambdaRequest, lambdaGbSecond, dynamoRead, dynamoWrite } = prices;
  const each =
    gatewayRequest +
    lambdaRequest +
    telling.gbSeconds * lambdaGbSecond +
    telling.reads * dynamoRead +
    telling.writes * dynamoWrite;
  return ((hoursOfMonth * 3600) / everySeconds) * each;
}

/** Is what a look of the sleeper takes, and what it takes for each Service that it looks at: GB and seconds, and reads. */
const sweeping = { gbSeconds: 0.25 * 0.3, reads: 6 };
const looking = { gbSeconds: 0.25 * 0.1, reads: 12, metrics: 2 };
const looksInSilence = 5;
const minutesOfMonth = hoursOfMonth * 60;

/** Looking each minute whether something is to be put to sleep, without what is looked at. */
export const sweepingMonth = (): number =>
  minutesOfMonth *
  (prices.schedulerInvocation +
    prices.lambdaRequest +
    sweeping.gbSeconds * prices.lambdaGbSecond +
    sweeping.reads * prices.dynamoRead);

/** A Service that sleeps for a month. */
export const asleepMonth = (): number =>
  minutesOfMonth * (looking.gbSeconds * prices.lambdaGbSecond + looking.reads * prices.dynamoRead);

/** A Service that is awake for a month and would sleep after so many minutes of silence, without its Pods. */
export const watchedMonth = (afterMinutes: number): number =>
  (minutesOfMonth / Math.max(1, Math.floor(afterMinutes / looksInSilence))) *
  (looking.gbSeconds * prices.lambdaGbSecond +
    looking.reads * prices.dynamoRead +
    looking.metrics * prices.metricRead);

/** A request that waits so many seconds for a Pod: the function that holds it, and its looks. */
export const waitingCost = (seconds: number): number =>
  prices.lambdaRequest + seconds * (0.5 * prices.lambdaGbSecond + 4 * prices.dynamoRead);

/** The task that a Pod becomes. */
export const taskOf = (spec: PodSpec): TaskSize => sold(requested(spec));

/** As Fargate sells it. Throws when it sells nothing so large. */
export function sold(wanted: TaskSize): TaskSize {
  const found = roundUp(wanted);
  if (!found) throw new Error(`Fargate has no size for ${JSON.stringify(wanted)}`);
  return found;
}
