import type { GetLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import type { DescribeTasksCommandInput, ExecuteCommandCommandInput } from '@aws-sdk/client-ecs';
import type { StartSessionCommandInput } from '@aws-sdk/client-ssm';

const arn = 'arn:aws:ecs:us-east-1:111122223333:task/tasks/t1';

/** ECS with one running task of one container, what it printed, and sessions in it. */
export function fakeTaskLogs(sessions: {
  session(command: string): object;
  portSession(port: number): { streamUrl: string; tokenValue: string };
}) {
  const lines: { timestamp: number; message: string }[] = [];
  const answers: Record<string, (input: never) => unknown> = {
    ExecuteCommand: ({ command = '' }: ExecuteCommandCommandInput) => ({
      session: sessions.session(command),
    }),
    StartSession: ({ Target, Parameters }: StartSessionCommandInput) => {
      if (Target !== 'ecs:tasks_t1_t1-1')
        throw Object.assign(new Error(Target), { name: 'TargetNotConnected' });
      const { streamUrl, tokenValue } = sessions.portSession(Number(Parameters?.portNumber?.[0]));
      return { StreamUrl: streamUrl, TokenValue: tokenValue };
    },
    ListTasks: () => ({ taskArns: [] }),
    DescribeTasks: ({ tasks = [] }: DescribeTasksCommandInput) => ({
      tasks: tasks.some((id) => arn.endsWith(id)) ? [task] : [],
    }),
    GetLogEvents: ({ nextToken, startFromHead, limit = 10_000 }: GetLogEventsCommandInput) => {
      const from = nextToken ? Number(nextToken) : startFromHead ? 0 : Math.max(0, lines.length - limit);
      const events = lines.slice(from, from + limit);
      return { events, nextForwardToken: String(from + events.length), nextBackwardToken: String(from) };
    },
  };
  return {
    answer: (operation: string, input: never) => answers[operation]?.(input),
    print: (text: string) => void lines.push({ timestamp: Date.now(), message: text }),
  };
}

const task = {
  taskArn: arn,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  createdAt: 1,
  startedAt: 1,
  containers: [{ name: 'c', lastStatus: 'RUNNING', runtimeId: 't1-1' }],
};
