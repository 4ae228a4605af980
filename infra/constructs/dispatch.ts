import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { environment } from '../../src/aws/names.ts';
import { reservedFor } from '../concurrency.ts';
import type { Settings } from '../settings.ts';
import type { Automation } from './automation.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables, workVariables } from './functionEnvironment.ts';
import { changes, objects } from './permissions/objects.ts';
import type { Parts } from './permissions/parts.ts';
import { sendWork, setAside } from './permissions/work.ts';

/** How the partition keys of log entries begin (src/aws/drivers/dynamodb/layout.ts). */
export const logPrefix = 'log\x1f';

export interface DispatchProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
  automation?: Automation;
}

/** Turns changes of the table into keys for the queue, and into events for automation. */
export class Dispatch extends Construct {
  readonly bundled: BundledFunction;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: DispatchProps) {
    super(scope, id);
    const { parts, settings, automation } = props;
    this.bundled = new BundledFunction(this, 'Dispatch', {
      name: 'dispatch',
      deployment: parts.name,
      code: props.code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.seconds(60),
      tracing: settings.tracing,
      ...(settings.reserve && { reserved: reservedFor(settings.concurrency).dispatch }),
      environment: {
        ...coreVariables(parts, settings),
        ...workVariables(parts),
        ...(automation && { [environment.eventBus]: automation.bus.eventBusName }),
      },
      permissions: [
        ...objects(parts),
        ...changes(parts),
        sendWork(parts),
        setAside(parts),
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
      onFailure: new SqsDlq(parts.work.failed),
    });
  }
}
