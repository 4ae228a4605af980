import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { deliverer } from './ecsEvents.ts';
import { BridgedTask, type TaskRecord } from './ecsTask.ts';

export interface EcsBridgeOptions {
  /** The emulator that keeps the tasks. */
  endpoint: string;
  port?: number;
  /** How long a task takes from RunTask to RUNNING, and from StopTask to STOPPED. Milliseconds. */
  startMs?: number;
  stopMs?: number;
}

export interface EcsBridge {
  /** For `AWS_ENDPOINT_URL_ECS`. */
  url: string;
  /** A container of the task ends by itself; an essential one ends the task. */
  exit(taskArn: string, container: string, code: number): Promise<void>;
  /** No events until `speak`: they are lost. */
  silence(): void;
  speak(): void;
  close(): Promise<void>;
}

/** Enough for an emulator to know the account. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0';

interface RunTask {
  clientToken?: string;
  cluster?: string;
  taskDefinition: string;
  networkConfiguration?: { awsvpcConfiguration?: { subnets?: string[] } };
}
interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/**
 * What the emulator's ECS lacks: clientToken, addresses of tasks, their way from PROVISIONING to STOPPED, and the
 * events of it, delivered as EventBridge would by the deployment's rule. The rest is the emulator's.
 */
export async function openEcsBridge(options: EcsBridgeOptions): Promise<EcsBridge> {
  const { endpoint, port = 0, startMs = 300, stopMs = 150 } = options;
  const tasks = new Map<string, BridgedTask>();
  const tokens = new Map<string, { request: string; answer: Promise<Answer> }>();
  const deliver = deliverer(endpoint);
  let silent = false;

  async function forward(
    headers: IncomingMessage['headers'],
    action: string,
    input: unknown,
  ): Promise<Answer> {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerServiceV20141113.${action}`,
        authorization: headers.authorization ?? '',
      },
      body: JSON.stringify(input),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  async function run(headers: IncomingMessage['headers'], input: RunTask): Promise<Answer> {
    const answer = await forward(headers, 'RunTask', input);
    if (answer.status !== 200) return answer;
    const { body } = await forward(headers, 'DescribeTaskDefinition', {
      taskDefinition: input.taskDefinition,
    });
    const [subnet = 'subnet-0'] = input.networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
    for (const record of answer.body.tasks as TaskRecord[]) {
      const task = new BridgedTask({
        number: tasks.size,
        record,
        subnet,
        definitions: (body.taskDefinition as { containerDefinitions: [] }).containerDefinitions,
        changed: (view) => silent || deliver(view),
      });
      tasks.set(record.taskArn, task);
      task.start(startMs);
    }
    return seen(answer);
  }

  /** The same token is the same task; with other parameters it is an error that names it. */
  async function runOnce(headers: IncomingMessage['headers'], input: RunTask): Promise<Answer> {
    const token = input.clientToken;
    if (!token) return run(headers, input);
    const request = JSON.stringify(input);
    const known = tokens.get(token);
    if (known?.request === request) return seen(await known.answer);
    if (known) {
      const { body } = await known.answer;
      return {
        status: 400,
        body: {
          __type: 'ConflictException',
          message: 'The clientToken was used before with other parameters.',
          resourceIds: (body.tasks as TaskRecord[]).map(({ taskArn }) => taskArn),
        },
      };
    }
    const answer = run(headers, input);
    tokens.set(token, { request, answer });
    const done = await answer;
    if (done.status !== 200) tokens.delete(token);
    return done;
  }

  function seen({ status, body }: Answer): Answer {
    const show = (record: TaskRecord) => tasks.get(record.taskArn)?.view(record) ?? record;
    return {
      status,
      body: {
        ...body,
        ...(Array.isArray(body.tasks) && { tasks: (body.tasks as TaskRecord[]).map(show) }),
        ...(body.task !== undefined && { task: show(body.task as TaskRecord) }),
      },
    };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const action = String(request.headers['x-amz-target']).split('.')[1]!;
    const input = JSON.parse(await text(request));
    if (action === 'RunTask') return runOnce(request.headers, input);
    const said = await forward(request.headers, action, input);
    if (action === 'StopTask' && said.status === 200)
      tasks.get((said.body.task as TaskRecord).taskArn)?.stop(input.reason ?? 'Task stopped by user', stopMs);
    return seen(said);
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) =>
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(body)),
      (error: Error) =>
        response.writeHead(500).end(JSON.stringify({ __type: 'ServerException', message: error.message })),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exit: async (taskArn, container, code) => {
      const ended = tasks.get(taskArn)?.exit(container, code, stopMs);
      // Else the emulator would go on listing it as one that should run.
      if (ended)
        await forward({ authorization }, 'StopTask', { cluster: taskArn.split('/')[1], task: taskArn });
    },
    silence: () => {
      silent = true;
    },
    speak: () => {
      silent = false;
    },
    close: async () => {
      for (const task of tasks.values()) task.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
