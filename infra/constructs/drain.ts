import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { BundledFunction, type CodeOf } from './function.ts';
import { cloudVariables, coreVariables } from './functionEnvironment.ts';
import { drainAll } from './permissions/drain.ts';
import type { Parts } from './permissions/parts.ts';

/**
 * Removes at destroy what was made at run time: tasks, load balancers, names, secrets. What wakes controllers has to
 * depend on it, so that it goes before, and it depends on what the removed things stand in, so that those go after.
 */
export class Drain extends Construct {
  readonly bundled: BundledFunction;
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: { parts: Parts; settings: Settings; code: CodeOf }) {
    super(scope, id);
    const { parts, settings, code } = props;
    this.bundled = new BundledFunction(this, 'Function', {
      name: 'drain',
      deployment: parts.name,
      code,
      key: parts.data.key,
      logDays: settings.logDays,
      timeout: Duration.minutes(15),
      tracing: settings.tracing,
      environment: { ...coreVariables(parts, settings), ...cloudVariables(parts, settings) },
      permissions: drainAll(parts),
    });
    this.resource = new CustomResource(this, 'AtDestroy', {
      resourceType: 'Custom::ShallopDrain',
      serviceToken: this.bundled.handler.functionArn,
      serviceTimeout: Duration.minutes(16),
    });
    this.resource.node.addDependency(parts.network, parts.cluster, parts.data);
  }
}
