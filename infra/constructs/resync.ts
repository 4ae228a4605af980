import { Duration } from 'aws-cdk-lib';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { reservedFor } from '../concurrency.ts';
import type { Settings } from '../settings.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { coreVariables, workVariables } from './functionEnvironment.ts';
import { objects } from './permissions/objects.ts';
import type { Parts } from './permissions/parts.ts';
import { sendWork, setAside } from './permissions/work.ts';
import { eachMinute } from './schedule.ts';

export interface ResyncProps {
  parts: Parts;
  settings: Settings;
  code: CodeOf;
}

/** Looks at everything now and then: a lost event delays, it never breaks. */
export class Resync extends Construct {
  readonly bundled: BundledFunction;
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, { parts, settings, code }: ResyncProps) {
    super(scope, id);
    const { failed } = parts.work;
    this.bundled = new BundledFunction(this, 'Resync', {
      name: 'resync',
      deployment: parts.name,
      code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.seconds(60),
      tracing: settings.tracing,
      ...(settings.reserve && { reserved: reservedFor(settings.concurrency).resync }),
      environment: {
        ...coreVariables(parts, settings),
        ...workVariables(parts),
      },
      permissions: [...objects(parts), sendWork(parts), setAside(parts)],
    });
    this.schedule = eachMinute(this, {
      name: `shallop-${parts.name}-resync`,
      description: `Starts the resync of shallop ${parts.name}`,
      handler: this.bundled.handler,
      failed,
      setAside: setAside(parts),
    });
  }
}
