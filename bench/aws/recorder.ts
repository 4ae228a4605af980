import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { prices } from '../../src/aws/prices/index.ts';
import { apiAppId } from '../../tools/emulator/localCloud.ts';

/** One call of the SDK, as it went over the wire. */
export interface Call {
  /** `dynamodb:GetItem` */
  name: string;
  /** Whether the function of the API made it, rather than one that follows from its writes. */
  ofApi: boolean;
  /** Dollars. */
  cost: number;
  /** Units of DynamoDB. */
  reads: number;
  writes: number;
}

export interface Recorder {
  host: string;
  /** Calls since it was asked last. */
  take(): Call[];
  close(): Promise<void>;
}

const host = '127.0.0.2';
const routeGb = 0.125;

/** Stands between functions and the emulator on another loopback address, and notes every call. */
export async function openRecorder(upstream: { endpoint: string; ecs: string }): Promise<Recorder> {
  let calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const began = performance.now();
    const body = await buffer(request);
    const name = nameOf(request, body.toString());
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const target = name.startsWith('ecs:') ? upstream.ecs : upstream.endpoint;
    const answer = await fetch(target + request.url, {
      method: request.method!,
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const answered = Buffer.from(await answer.arrayBuffer());
    const call = callOf(name, body.toString(), answered.length);
    const ofApi = String(request.headers['user-agent']).includes(`app/${apiAppId}`);
    // Who invokes waits, and pays for it.
    const waited = name === 'lambda:Invoke' ? (performance.now() - began) / 1_000 : 0;
    calls.push({ ...call, ofApi, cost: call.cost + waited * routeGb * prices.lambdaGbSecond });
    const {
      'content-encoding': ____,
      'content-length': _____,
      ...given
    } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, given).end(answered);
  });
  server.listen(Number(new URL(upstream.endpoint).port), host);
  await once(server, 'listening');
  return {
    host,
    take: () => {
      const since = calls;
      calls = [];
      return since;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const services: Record<string, string> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  TrentService: 'kms',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  secretsmanager: 'secretsmanager',
  Logs_20140328: 'logs',
};

function nameOf({ headers, method, url }: IncomingMessage, body: string): string {
  const [service = '', action] = String(headers['x-amz-target'] ?? '').split('.');
  if (action) return `${services[service] ?? service}:${action}`;
  if (/\/functions\/.+\/invocations$/.test(url ?? '')) return 'lambda:Invoke';
  const query =
    new URLSearchParams(body).get('Action') ?? new URL(url!, 'http://x').searchParams.get('Action');
  const signedFor = /\/(\w+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  return `${signedFor ?? 'sts'}:${query ?? method}`;
}

/** By the sizes of what was sent and answered: DynamoDB counts names and values, JSON a little more. */
function callOf(name: string, request: string, answered: number): Omit<Call, 'ofApi'> {
  const [reads, writes] = name.startsWith('dynamodb:') ? units(name, request, answered) : [0, 0];
  const perCall: Record<string, number> = {
    sqs: prices.sqsRequest,
    kms: prices.kmsRequest,
    lambda: prices.lambdaRequest,
    secretsmanager: prices.secretsManagerCall,
    events: prices.eventBridgeEvent,
  };
  const cost = (perCall[name.split(':')[0]!] ?? 0) + reads * prices.dynamoRead + writes * prices.dynamoWrite;
  return { name, cost, reads, writes };
}

function units(name: string, request: string, answered: number): [reads: number, writes: number] {
  const kilobytes = (size: number, step: number) => Math.max(1, Math.ceil(size / step));
  if (/Get|Query/.test(name)) return [kilobytes(answered, 4096), 0];
  const input = JSON.parse(request);
  // Twice for transactions, for each item.
  if (name.endsWith('TransactWriteItems'))
    return [
      0,
      (input.TransactItems as object[]).reduce((sum, item) => sum + 2 * kilobytes(sizeOf(item), 1024), 0),
    ];
  return [0, kilobytes(sizeOf(input.Item ?? input.Key ?? {}), 1024)];
}

/** Binary values go over the wire in base64. */
const sizeOf = (item: object): number => Math.ceil(JSON.stringify(item).length * 0.75);
