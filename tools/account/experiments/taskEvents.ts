import { ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { Experiment } from '../experiment.ts';
import { eventually, podOf } from '../site.ts';

const soonMs = 30_000;

/** Whether ECS knows of a task what it has just told in an event: else it is asked again after half a minute. */
export const taskEvents: Experiment = {
  name: 'task-events',
  question: 'How soon does a Pod say that its task was stopped behind the back?',
  emulatorLacks: 'tells no events of tasks: a bridge of ours does',
  run: async ({ kubectl, image, name }) => {
    await kubectl(['apply', '-f', '-'], podOf('stopped', image, 'sleep 3600'));
    await kubectl(['wait', '--for=condition=Ready', 'pod/stopped', '--timeout=180s']);
    const uid = await kubectl(['get', 'pod', 'stopped', '-o', 'jsonpath={.metadata.uid}']);
    const ecs = new ECSClient({});
    const cluster = `shallop-${name}`;
    const { taskArns: [task] = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy: uid }));
    await ecs.send(new StopTaskCommand({ cluster, task, reason: 'an experiment' }));
    const phase = () => kubectl(['get', 'pod', 'stopped', '-o', 'jsonpath={.status.phase}']);
    const after = await eventually('another phase', async () => (await phase()) !== 'Running', 180_000);
    await kubectl(['delete', 'pod', 'stopped', '--wait=false']);
    return {
      judgement: after <= soonMs * 2 ? 'holds' : 'differs',
      says: `after ${Math.round(after / 1000)} s`,
    };
  },
};
