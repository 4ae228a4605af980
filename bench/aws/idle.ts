import { hoursOfMonth, prices } from '../../src/aws/prices/index.ts';
import { longestDelayMs } from '../../src/shared/controllers/manager/queue/index.ts';
import { resourcesOf, synthesise } from '../../test/support/aws/template.ts';
import type { Step } from './calls.ts';
import { callsOfRest } from './rest.ts';

/** Something that costs though nobody uses the deployment. */
export interface IdleRow {
  what: string;
  /** Dollars a month. */
  cost: number;
  /** What of it is free in every account, for ever, when nothing else uses that up. */
  free?: number;
}

/** Lambda looks into a queue with 5 pollers of 20 s, for each mapping; looking into a stream costs nothing. */
const pollsAMinute = 5 * 3;
const minutes = hoursOfMonth * 60;
/** Of a minute's resync: two requests, one after the other, at some 3 ms of a whole core each. */
const resyncSeconds = 0.1;
const freeAlarms = 10;
const freePolls = 1e6;

/** What is kept, what looks whether there is something, what watches: as many as the template has. */
export async function idleRows(steps: Step[]): Promise<IdleRow[]> {
  const resources = resourcesOf(synthesise()).map(([, resource]) => resource);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === `AWS::${type}`);
  const ofQueues = ofType('Lambda::EventSourceMapping').filter(
    ({ Properties }) => !Properties.StartingPosition,
  );
  const alarms = ofType('CloudWatch::Alarm').length;
  const resync = ofType('Lambda::Function').find(({ Properties }) =>
    String(Properties.FunctionName).endsWith('-resync'),
  )!;
  const gigabytes = Number(resync.Properties.MemorySize) / 1024;
  const polls = ofQueues.length * pollsAMinute * minutes;
  const costOf = (what: string) =>
    steps.find((step) => step.what.startsWith(what))!.calls.reduce((sum, call) => sum + call.cost, 0);
  const whole = costOf('a resync of everything');
  const anyMinute = costOf('a resync of any');
  const atRest = (await callsOfRest()) * prices.dynamoRead;
  const invocation = prices.lambdaRequest + resyncSeconds * gigabytes * prices.lambdaGbSecond;
  // Nothing is due, so a delayed message comes as late as it can: sent, received, deleted; two functions, a claim, a list.
  const looksAtEvents = minutes / (longestDelayMs / 60_000);
  const aLook = 3 * prices.sqsRequest + 2 * prices.lambdaRequest + 0.05 * prices.lambdaGbSecond;
  const free = (cost: number) => ({ cost, free: cost });
  const storage = 0.1 * prices.storageGb;
  return [
    { what: 'KMS key', cost: ofType('KMS::Key').length * prices.kmsKey },
    { what: 'private zone', cost: ofType('Route53::HostedZone').length * prices.hostedZone },
    {
      what: `queue, looked into by ${ofQueues.length} mapping`,
      cost: polls * prices.sqsRequest,
      free: Math.min(polls, freePolls) * prices.sqsRequest,
    },
    { what: 'resync: each minute', cost: 0.9 * minutes * anyMinute },
    { what: '… comparing with the last look, each ten minutes', cost: (minutes / 10) * atRest },
    { what: '… looking at everything, each hour', cost: hoursOfMonth * whole },
    { what: '… its schedule', ...free(minutes * prices.schedulerInvocation) },
    { what: `… ${resyncSeconds} s of ${gigabytes * 1024} MB`, ...free(minutes * invocation) },
    {
      what: 'old Events, looked for each quarter of an hour',
      cost: looksAtEvents * (aLook + prices.dynamoWrite + 3 * prices.dynamoRead),
      free: looksAtEvents * aLook,
    },
    {
      what: `alarms (${alarms})`,
      cost: alarms * prices.alarm,
      free: Math.min(alarms, freeAlarms) * prices.alarm,
    },
    { what: 'storage, 100 MB', ...free(storage) },
  ];
}
