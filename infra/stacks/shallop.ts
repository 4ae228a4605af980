import { CfnOutput, Duration, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { environment, tags } from '../../src/aws/names.ts';
import { Alarms } from '../constructs/alarms.ts';
import { Api } from '../constructs/api.ts';
import { Automation } from '../constructs/automation.ts';
import { Cluster } from '../constructs/cluster.ts';
import { Controllers } from '../constructs/controllers.ts';
import { Dashboard } from '../constructs/dashboard.ts';
import { Data } from '../constructs/data.ts';
import { Dispatch } from '../constructs/dispatch.ts';
import { Drain } from '../constructs/drain.ts';
import { FileSystem } from '../constructs/fileSystem.ts';
import { BundledFunction, type CodeOf } from '../constructs/function.ts';
import {
  cloudVariables,
  clusterIdOf,
  coreVariables,
  identityVariables,
} from '../constructs/functionEnvironment.ts';
import { logGroup } from '../constructs/logs.ts';
import { Network } from '../constructs/network.ts';
import { writeAudit } from '../constructs/permissions/audit.ts';
import { objects } from '../constructs/permissions/objects.ts';
import type { Parts } from '../constructs/permissions/parts.ts';
import { openSessions, readLogs, seeTasks } from '../constructs/permissions/tasks.ts';
import { WorkQueue } from '../constructs/queue.ts';
import { Resync } from '../constructs/resync.ts';
import { ScaleToZero } from '../constructs/scaleToZero.ts';
import { TaskEvents } from '../constructs/taskEvents.ts';
import { Watch } from '../constructs/watch.ts';
import type { Settings } from '../settings.ts';

export interface ShallopStackProps extends StackProps {
  settings: Settings;
  code: CodeOf;
  /** Is what its functions are made of. */
  release: Release;
}

/** Says of which shallop something is made. */
export interface Release {
  version: string;
  /** Absent where a checkout without its history is deployed. */
  commit?: string;
}

/** A control plane, whole: one stack, so that deploying and destroying are one step each. */
export class ShallopStack extends Stack {
  constructor(scope: Construct, id: string, { settings, code, release, ...props }: ShallopStackProps) {
    super(scope, id, { description: 'The Kubernetes API, serverless', ...props });
    const { name, logDays } = settings;
    Tags.of(this).add(tags.deployment, name);

    const alarms = new Alarms(this, settings.alarmTopicArn);
    const data = new Data(this, 'Data', name, settings.restored);
    const network = new Network(this, 'Network', settings);
    const cluster = new Cluster(this, 'Cluster', { name, key: data.key, logDays });
    if (settings.fileSystem) new FileSystem(this, 'FileSystem', { name, network });
    const work = new WorkQueue(this, 'Work', { name, alarms });
    const parts: Parts = { scope: this, name, data, network, cluster, work };
    const clusterId = clusterIdOf(name, this.account, this.region);

    const automation = settings.events
      ? new Automation(this, 'Automation', {
          ...{ name, alarms },
          ...(settings.eventRules && { rules: settings.eventRules }),
        })
      : undefined;
    const controllers = new Controllers(this, 'Controllers', { parts, settings, code });
    const dispatch = new Dispatch(this, 'Dispatch', {
      parts,
      settings,
      code,
      ...(automation && { automation }),
    });
    const resync = new Resync(this, 'Resync', { parts, settings, code });
    const taskEvents = new TaskEvents(this, 'TaskEvents', { cluster, queue: work.queue });
    const audit = settings.audit
      ? logGroup(this, 'AuditLogs', {
          name: `/shallop/${name}/audit`,
          key: data.key,
          days: settings.audit.days,
        })
      : undefined;
    const handler = new BundledFunction(this, 'ApiHandler', {
      name: 'api',
      deployment: name,
      code,
      key: data.key,
      logDays,
      memory: settings.apiMemory,
      // As long as the gateway streams; watches end themselves long before.
      timeout: Duration.minutes(15),
      tracing: settings.tracing,
      environment: {
        ...coreVariables(parts, settings),
        ...cloudVariables(parts, settings),
        ...identityVariables(clusterId, settings),
        ...(audit && { [environment.auditLogGroup]: audit.logGroupName }),
      },
      permissions: [
        ...objects(parts),
        readLogs(parts),
        ...seeTasks(parts),
        ...openSessions(parts),
        ...(audit ? [writeAudit(audit)] : []),
      ],
    });
    const api = new Api(this, 'Api', { settings, handler: handler.handler, key: data.key, network });

    const scaleToZero = settings.scaleToZero
      ? new ScaleToZero(this, 'ScaleToZero', { parts, settings, code, alarms })
      : undefined;
    const drain = new Drain(this, 'Drain', { parts, settings, code });
    // At destroy nothing may wake a controller any more when the drain begins.
    const wakers = [controllers.mapping, dispatch.mapping, resync.schedule, taskEvents.rule];
    for (const waker of [...wakers, ...(scaleToZero ? [scaleToZero.schedule] : [])])
      waker.node.addDependency(drain.resource);

    new Watch(this, 'Watch', { settings, alarms, data, api, dispatch });
    if (settings.dashboard)
      new Dashboard(this, 'Dashboard', {
        ...{ name, alarms, api, data, work },
        ...(automation?.deadLetters && { eventDeadLetters: automation.deadLetters }),
        ...(scaleToZero && { activator: scaleToZero.activator }),
        functions: {
          api: handler.handler,
          dispatch: dispatch.bundled.handler,
          ...controllers.functions,
          resync: resync.bundled.handler,
          ...(scaleToZero && { activator: scaleToZero.activator, sleeper: scaleToZero.sleeper }),
        },
      });
    new CfnOutput(this, 'Endpoint', { value: api.endpoint, description: 'Server of the kubeconfig' });
    if (api.domainTarget)
      new CfnOutput(this, 'DomainTarget', {
        value: api.domainTarget,
        description: 'What the record of the domain has to lead to (CNAME)',
      });
    if (!settings.network || settings.network.publicIp)
      new CfnOutput(this, 'Nat', { value: settings.nat, description: 'How Pods reach the internet' });
    new CfnOutput(this, 'ClusterId', { value: clusterId, description: 'What tokens are signed for' });
    new CfnOutput(this, 'Table', { value: data.table.tableName, description: 'Where objects are' });
    new CfnOutput(this, 'ApiMemory', {
      value: String(settings.apiMemory),
      description: "MB of the API's function, for what a month costs",
    });
    new CfnOutput(this, 'Version', {
      value: release.version,
      description: 'Which shallop its functions are',
    });
    if (release.commit)
      new CfnOutput(this, 'Commit', { value: release.commit, description: 'Which commit of it' });
    new CfnOutput(this, 'KubeconfigCommand', {
      value: `shallop kubeconfig --aws --name ${name} --region ${this.region}`,
      description: 'Writes the kubeconfig',
    });
  }
}
