import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionMetrics } from '../../src/aws/names.ts';
import type { Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Data } from './data.ts';
import { countedBy, ofAllFunctions } from './functionMetrics.ts';
import type { WorkQueue } from './queue.ts';

export interface DashboardProps {
  name: string;
  alarms: Alarms;
  api: Api;
  data: Data;
  work: WorkQueue;
  /** By their names in lambdas/. */
  functions: Record<string, IFunction>;
  /** What targets of event rules did not take, where there are rules. */
  eventDeadLetters?: IQueue;
  /** Where requests to sleeping Services wait, where some may sleep. */
  activator?: IFunction;
}

const period = Duration.minutes(5);
const sum = { period, statistic: 'Sum' };

/** One page: what rings, then the way of a change from the API to the Pods. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { name, alarms, api, data, work, functions } = props;
    const stage = api.rest.deploymentStage;
    const ofEach = (metric: 'metricErrors' | 'metricThrottles', statistic: string) =>
      Object.entries(functions).map(([label, each]) => each[metric]({ period, statistic, label }));
    const durations = Object.entries(functions).map(([label, each]) =>
      each.metricDuration({ period, statistic: 'p99', label }),
    );
    const { api: apiFunction, dispatch } = functions;
    new CloudWatchDashboard(this, 'Page', {
      dashboardName: `shallop-${name}`,
      defaultInterval: Duration.hours(6),
      widgets: [
        [new AlarmStatusWidget({ title: `shallop ${name}`, alarms: alarms.all, width: 24, height: 3 })],
        [
          graph('Requests', [
            stage.metricCount(sum),
            stage.metricClientError(sum),
            stage.metricServerError(sum),
          ]),
          graph('Time to answer, ms (watches are as long as they last)', [
            stage.metricIntegrationLatency({ period, statistic: 'p50', label: 'p50' }),
            stage.metricIntegrationLatency({ period, statistic: 'p99', label: 'p99' }),
          ]),
          graph('Functions at the same time', [
            apiFunction!.metric('ConcurrentExecutions', { period, statistic: 'Maximum', label: 'api' }),
            ofAllFunctions('ConcurrentExecutions').with({ label: 'all of the account' }),
          ]),
        ],
        [
          graph('Changes wait in the stream, ms', [
            dispatch!.metric('IteratorAge', { period, statistic: 'Maximum', label: 'oldest' }),
          ]),
          graph('Keys that wait', [
            work.queue.metricApproximateNumberOfMessagesVisible({ period, label: 'to be looked at' }),
            work.failed.metricApproximateNumberOfMessagesVisible({ period, label: 'set aside' }),
          ]),
          graph('The oldest key waits, seconds', [
            work.queue.metricApproximateAgeOfOldestMessage({ period }),
          ]),
        ],
        [
          graph('Errors of functions', ofEach('metricErrors', 'Sum')),
          graph('Functions that were not begun', ofEach('metricThrottles', 'Sum')),
          graph('Functions, ms, p99', durations),
        ],
        [
          graph('Units of the table', [
            data.table.metricConsumedReadCapacityUnits({ ...sum, label: 'read' }),
            data.table.metricConsumedWriteCapacityUnits({ ...sum, label: 'written' }),
          ]),
          graph(
            'What goes wrong with Pods and requests',
            functionMetrics.names.map((each) => countedBy(name, each)),
          ),
        ],
        ...[optionalGraphs(props)].filter(({ length }) => length > 0),
      ],
    });
  }
}

/** What only some deployments have. */
function optionalGraphs({ activator, eventDeadLetters }: DashboardProps): IWidget[] {
  const largest = { period, statistic: 'Maximum' };
  return [
    ...(activator
      ? [
          graph('Requests that wait for Pods', [
            activator.metricInvocations({ ...sum, label: 'came' }),
            activator.metric('ConcurrentExecutions', { ...largest, label: 'wait at the same time' }),
          ]),
          graph('The longest wait, ms', [activator.metricDuration({ ...largest, label: 'longest' })]),
        ]
      : []),
    ...(eventDeadLetters
      ? [
          graph('Events that were not taken', [
            eventDeadLetters.metricApproximateNumberOfMessagesVisible({ period, label: 'dead letters' }),
          ]),
        ]
      : []),
  ];
}

const graph = (title: string, left: IMetric[]): IWidget =>
  new GraphWidget({ title, left, width: 8, height: 6 });
