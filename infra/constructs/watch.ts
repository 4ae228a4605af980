import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { wrongFrom } from '../../src/aws/watched/index.ts';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Data } from './data.ts';
import type { Dispatch } from './dispatch.ts';
import { countedBy, ofAllFunctions } from './functionMetrics.ts';

export interface WatchProps {
  settings: Settings;
  alarms: Alarms;
  data: Data;
  api: Api;
  dispatch: Dispatch;
}

const period = Duration.minutes(5);

/**
 * What rings beside the queue (queue.ts), the dead events (eventRules.ts) and the activator (scaleToZero.ts). Without these two,
 * which not every deployment has, they are ten, which every account has for nothing. Those that
 * only tell sooner what others tell too are made where somebody is told.
 */
export class Watch extends Construct {
  constructor(scope: Construct, id: string, { settings, alarms, data, api, dispatch }: WatchProps) {
    super(scope, id);
    const { name, concurrency } = settings;
    // The gateway sees more than the function knows: throttles, timeouts, and the 500s that the function answers itself.
    alarms.on(scope, 'ApiFailing', {
      metric: api.rest.deploymentStage.metricServerError({ period, statistic: 'Sum' }),
      threshold: 5,
      says: 'The API answers again and again that it fails (5xx), or does not answer.',
      section: 'the-api-fails',
    });
    // Streams have no guard against loops: a controller that answers its own writes shows here.
    alarms.on(scope, 'WritesWithoutEnd', {
      metric: data.table.metricConsumedWriteCapacityUnits({ period, statistic: 'Sum' }),
      threshold: 100 * 300,
      periods: 3,
      says: 'More than 100 writes a second for a quarter of an hour: a controller may be answering itself.',
      section: 'writes-do-not-end',
    });
    if (!alarms.areHeard) return;
    alarms.on(this, 'ChangesLate', {
      metric: dispatch.bundled.handler.metric('IteratorAge', { period, statistic: 'Maximum' }),
      threshold: wrongFrom.changesWaitMs,
      says: 'Changes wait in the stream of the table for more than five minutes: controllers do not hear of them.',
      section: 'changes-wait-in-the-stream',
    });
    alarms.on(this, 'FunctionsFailing', {
      metric: countedBy(name, 'FunctionFailures'),
      threshold: wrongFrom.failures,
      says: `Functions of shallop-${name} fail as a whole, again and again.`,
      section: 'functions-fail',
    });
    alarms.on(this, 'Throttled', {
      metric: ofAllFunctions('Throttles'),
      threshold: wrongFrom.throttles,
      periods: 2,
      says: 'Lambda does not begin functions: the account runs as many as it may.',
      section: 'functions-are-throttled',
    });
    alarms.on(this, 'ConcurrencyUsedUp', {
      metric: ofAllFunctions('ConcurrentExecutions'),
      threshold: Math.max(1, Math.floor(concurrency * wrongFrom.share)),
      says: `The account runs four fifths of the ${concurrency} functions that it may run at the same time.`,
      section: 'concurrency-is-nearly-used-up',
    });
    alarms.on(this, 'EcsRefuses', {
      metric: countedBy(name, 'EcsRefusals'),
      threshold: 10,
      says: 'ECS refuses tasks, or is asked too often: a quota, no capacity, a missing right.',
      section: 'ecs-refuses',
    });
    alarms.on(this, 'PodsNotStarting', {
      metric: countedBy(name, 'PodsNotStarting'),
      threshold: 5,
      says: 'Pods cannot start: an image, a Secret or a volume is not to be had, or a program is for another machine.',
      section: 'pods-cannot-start',
    });
  }
}
