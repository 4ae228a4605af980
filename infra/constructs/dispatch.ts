import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { environment } from '../../src/aws/names.ts';
import type { Settings } from '../settings.ts';
import type { Alarms } from './alarms.ts';
import type { Automation } from './automation.ts';
import type { Controllers } from './controllers.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables, queueVariables } from './functionEnvironment.ts';
import { changes, objects, type Parts, sendTo } from './permissions.ts';
import { deadLetterQueue } from './queue.ts';

/** How the partition keys of log entries begin (src/shared/storage/dynamodb/layout.ts). */
export const logPrefix = 'log\x1f';

export interface DispatchProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
  alarms: Alarms;
  controllers: Controllers;
  automation?: Automation;
}

/** Turns changes of the table into keys for the queues, and into events for automation. */
export class Dispatch extends Construct {
  readonly bundled: BundledFunction;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: DispatchProps) {
    super(scope, id);
    const { parts, settings, controllers, automation, alarms } = props;
    const failed = deadLetterQueue(this, 'Failed', { name: `shallop-${parts.name}-dispatch-failed`, alarms });
    const queues = Object.values(controllers.queues);
    const urls = Object.fromEntries(
      Object.entries(controllers.queues).map(([group, { queueUrl }]) => [group, queueUrl]),
    );
    this.bundled = new BundledFunction(this, 'Dispatch', {
      name: 'dispatch',
      deployment: parts.name,
      code: props.code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.seconds(60),
      environment: {
        ...coreVariables(parts, settings),
        ...queueVariables(urls),
        ...(automation && { [environment.eventBus]: automation.bus.eventBusName }),
      },
      permissions: [
        ...objects(parts),
        ...changes(parts),
        sendTo([...queues.map(({ queueArn }) => queueArn), failed.queueArn]),
        ...(automation ? [{ actions: ['events:PutEvents'], resources: [automation.bus.eventBusArn] }] : []),
      ],
    });
    this.mapping = new EventSourceMapping(this, 'Changes', {
      target: this.bundled.handler,
      eventSourceArn: parts.data.table.tableStreamArn!,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { pk: { S: FilterRule.beginsWith(logPrefix) } } },
        }),
      ],
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(failed),
    });
  }
}
