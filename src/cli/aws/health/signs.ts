import { functionNames, queueNames, wrongFrom } from '../../../aws/watched/index.ts';
import { keyOf } from './asked.ts';
import type { Figures } from './figures.ts';
import type { Told } from './told.ts';

/** Describes one thing that can be wrong with a deployment, and what to do when it is. */
export interface Sign {
  name: string;
  state: 'good' | 'bad' | 'unknown';
  says: string;
  /** Says what to do; absent where it is good. */
  remedy?: string;
}

/** Says what to do where something is not told. */
export const whatIsMissing = 'what is not known takes the rights that docs/aws.md#how-it-is lists';

/** The deployment's own tasks, in vCPU: what is counted where nobody counts the account's. */
export interface OwnVcpus {
  onDemand: number;
  spot: number;
}

/** Judges what the account's services told. */
export function signsOf(name: string, { health, tasks, quotas }: Figures, own: OwnVcpus): Sign[] {
  return [
    ...metricSigns.map(({ name: sign, judge }) =>
      'why' in health ? unknown(sign, health.why) : judged(sign, judge(health.value, name)),
    ),
    'why' in tasks
      ? unknown('tasks', tasks.why)
      : judged('tasks', { says: `${tasks.value.running} running, ${tasks.value.pending} starting` }),
    quotaSign('vCPU on demand', quotas.onDemand, {
      own: own.onDemand,
      unit: 'vCPU',
      remedy: `${raise('AWS Fargate, Fargate On-Demand vCPU resource count')}; Pods beyond it wait, saying why`,
    }),
    quotaSign('vCPU on Spot', quotas.spot, {
      own: own.spot,
      unit: 'vCPU',
      remedy: `${raise('AWS Fargate, Fargate Spot vCPU resource count')}; Pods beyond it wait, saying why`,
    }),
    quotaSign('executions', quotas.executions, {
      unit: 'functions at the same time',
      remedy: `${raise('AWS Lambda, Concurrent executions')}, then deploy again; each open watch takes one (${page}#concurrency-is-nearly-used-up)`,
    }),
  ];
}

const page = 'docs/aws-alarms.md';
const raise = (quota: string) => `ask Service Quotas for more (${quota})`;

type Values = Partial<Record<string, number>>;
interface Judgement {
  says: string;
  /** Present when it is bad. */
  remedy?: string | false;
}

const metricSigns: { name: string; judge(values: Values, deployment: string): Judgement }[] = [
  {
    name: 'changes',
    judge: ({ changesWaitMs }) => ({
      says:
        changesWaitMs === undefined
          ? 'none came through the stream in a quarter of an hour'
          : `the oldest waited ${seconds(changesWaitMs / 1000)} in the stream`,
      remedy:
        (changesWaitMs ?? 0) >= wrongFrom.changesWaitMs &&
        `controllers are late: see why dispatch fails, in its log (${page}#changes-wait-in-the-stream)`,
    }),
  },
  {
    name: 'work',
    judge: ({ workWaits = 0, workWaitsSeconds = 0 }) => ({
      says: workWaits ? `${workWaits} keys wait, the oldest ${seconds(workWaitsSeconds)}` : 'nothing waits',
      remedy:
        workWaitsSeconds >= wrongFrom.workWaitsSeconds &&
        `a service answers slowly or too few functions run: see which (${page}#work-waits)`,
    }),
  },
  {
    name: 'set aside',
    judge: ({ setAside = 0 }, deployment) => ({
      says: setAside ? `${setAside} in ${queueNames.failed(deployment)}` : 'nothing',
      remedy:
        setAside >= wrongFrom.setAside &&
        'find the reason, then have it looked at again: docs/aws-redrive.md',
    }),
  },
  {
    name: 'dead events',
    judge: ({ eventsSetAside = 0 }, deployment) => ({
      says: eventsSetAside ? `${eventsSetAside} in ${queueNames.eventDeadLetters(deployment)}` : 'none',
      remedy:
        eventsSetAside >= wrongFrom.setAside &&
        `a target did not take them in time: mend it, then send them again (${page}#events-were-not-taken)`,
    }),
  },
  {
    name: 'throttles',
    judge: (values) => {
      const functions = perFunction(values, 'Throttles');
      const table = (values.tableReadThrottles ?? 0) + (values.tableWriteThrottles ?? 0);
      const parts = [...functions.words, ...(table ? [`the table ${table}`] : [])];
      return {
        says: parts.length ? `in a quarter of an hour: ${parts.join(', ')}` : 'none',
        remedy:
          functions.sum >= wrongFrom.throttles
            ? `the account runs as many functions as it may, or a function all that are reserved for it (${page}#functions-are-throttled)`
            : table >= wrongFrom.throttles &&
              'DynamoDB throttles a partition: a rollout of thousands may, and it passes; else see who writes all the time (docs/aws-alarms.md#writes-do-not-end)',
      };
    },
  },
  {
    name: 'failures',
    judge: (values) => {
      const { sum, words } = perFunction(values, 'Errors');
      return {
        says: words.length ? `in a quarter of an hour: ${words.join(', ')}` : 'none',
        remedy: sum >= wrongFrom.failures && `their logs have the errors (${page}#functions-fail)`,
      };
    },
  },
];

function perFunction(values: Values, metric: string): { sum: number; words: string[] } {
  const told = functionNames
    .map((name) => ({ name, times: values[keyOf(metric, name)] ?? 0 }))
    .filter(({ times }) => times > 0);
  return {
    sum: told.reduce((sum, { times }) => sum + times, 0),
    words: told.map(({ name, times }) => `${name} ${times}`),
  };
}

function quotaSign(
  name: string,
  told: Told<{ limit: number; used?: number }>,
  { own, unit, remedy }: { own?: number; unit: string; remedy: string },
): Sign {
  if ('why' in told) return unknown(name, told.why);
  const { limit, used = own } = told.value;
  if (used === undefined) return judged(name, { says: `${limit} ${unit} may be; nothing counts what is` });
  const whose = told.value.used === undefined ? ', counting this deployment alone' : '';
  return judged(name, {
    says: `${used} of ${limit} ${unit} that the account may have${whose}`,
    remedy: used >= limit * wrongFrom.share && remedy,
  });
}

const judged = (name: string, { says, remedy }: Judgement): Sign =>
  remedy ? { name, state: 'bad', says, remedy } : { name, state: 'good', says };

const unknown = (name: string, why: string): Sign => ({
  name,
  state: 'unknown',
  says: `not known: ${why}`,
  remedy: whatIsMissing,
});

const seconds = (value: number): string =>
  value < 120 ? `${Math.round(value)} s` : `${Math.round(value / 60)} min`;
