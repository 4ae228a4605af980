import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LambdaStream, runStreaming, type StreamHandler } from './awslambda.ts';
import { GatewayAnswer, gatewayRefuses } from './gatewayAnswer.ts';
import { gatewayEvent, isRefusedQuery } from './gatewayEvent.ts';

export interface FrontOptions {
  handler: StreamHandler;
  /** PEM. */
  tls: { certificate: string; key: string };
  stage: string;
  /** The function's time-out. */
  timeoutMs: number;
  /** What is quiet for so long is cut. */
  idleMs: number;
  /** Whether the function is told when its client leaves: with Lambda it mostly is not. */
  tellsDisconnects: boolean;
  onProblem(problem: string): void;
}

const longestBody = 10 * 1_024 * 1_024;
const longestEvent = 6 * 1_024 * 1_024;

/** An API Gateway with one function behind it, streaming its answers. Unlike Lambda it serves many at a time. */
export async function openFront(options: FrontOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { tls } = options;
  const server = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    void serve(options, request, response).catch((error) => {
      options.onProblem(`${error?.stack ?? error}`);
      if (response.headersSent) response.destroy();
      else gatewayRefuses(response, 'INTEGRATION_FAILURE');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  options: FrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  if (!body) return gatewayRefuses(response, 'REQUEST_TOO_LARGE');
  if (isRefusedQuery(request.url ?? '')) return gatewayRefuses(response, 'BAD_REQUEST_PARAMETERS');
  const event = gatewayEvent(request, body, options.stage);
  if (!event) return gatewayRefuses(response, 'MISSING_AUTHENTICATION_TOKEN');
  if (JSON.stringify(event).length > longestEvent) return gatewayRefuses(response, 'REQUEST_TOO_LARGE');
  await invoke(options, event, response);
}

async function invoke(options: FrontOptions, event: object, response: ServerResponse): Promise<void> {
  const { handler, timeoutMs, idleMs, tellsDisconnects, onProblem } = options;
  const answer = new GatewayAnswer(response);
  let idle: NodeJS.Timeout | undefined;
  const alive = () => {
    clearTimeout(idle);
    idle = setTimeout(() => response.destroy(), idleMs);
  };
  let gone = false;
  const stream = new LambdaStream(
    (bytes) => {
      alive();
      // What nobody reads any more goes nowhere, and the function is none the wiser.
      return gone || answer.take(bytes);
    },
    () => gone || answer.end(),
  );
  response.on('drain', () => stream.drained());
  response.once('close', () => {
    gone = true;
    clearTimeout(idle);
    if (tellsDisconnects) stream.destroy();
    else stream.drained();
  });
  alive();
  const end = performance.now() + timeoutMs;
  const killed = setTimeout(() => {
    onProblem('the function was still running at its time-out');
    response.destroy();
  }, timeoutMs);
  const context = { getRemainingTimeInMillis: () => Math.max(0, end - performance.now()) };
  try {
    const ended = await runStreaming(handler, event, stream, context);
    if (ended === 'failed' && !response.headersSent)
      throw new Error('the function failed before it answered');
    if (ended === 'failed') response.destroy();
  } finally {
    clearTimeout(killed);
    clearTimeout(idle);
  }
  if (answer.problem) onProblem(answer.problem);
}

/** Undefined when it is longer than API Gateway takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= longestBody) chunks.push(chunk);
  }
  return size <= longestBody ? Buffer.concat(chunks) : undefined;
}
