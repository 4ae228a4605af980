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

/** The task that a Pod becomes. */
export const taskOf = (spec: PodSpec): TaskSize => sold(requested(spec));

/** As Fargate sells it. Throws when it sells nothing so large. */
export function sold(wanted: TaskSize): TaskSize {
  const found = roundUp(wanted);
  if (!found) throw new Error(`Fargate has no size for ${JSON.stringify(wanted)}`);
  return found;
}
