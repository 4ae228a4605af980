import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeMessage, encodeMessage, payloads } from '../../../src/cli/aws/session/message.ts';
import { acceptWebSocket, type WebSocketServer } from '../../../src/shared/streams/websocket/server.ts';

/** Session Manager with its agent: runs commands on this machine, on a terminal. Says everything twice. */
export async function openFakeSessions() {
  const commands = new Map<string, string>();
  const running = new Set<ChildProcess>();
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const agent = new Agent(commands, (child) => running.add(child));
    agent.socket = acceptWebSocket(request, socket, undefined, {
      message: (data) => agent.take(data),
      closed: () => agent.child?.kill('SIGKILL'),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** As ExecuteCommand answers. */
    session: (command: string) => {
      const tokenValue = randomUUID();
      commands.set(tokenValue, command);
      return { streamUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, tokenValue };
    },
    close: () => {
      for (const child of running) child.kill('SIGKILL');
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

class Agent {
  socket: WebSocketServer | undefined;
  child: ChildProcess | undefined;
  readonly #commands: Map<string, string>;
  readonly #started: (child: ChildProcess) => void;
  #command: string | undefined;
  #next = 0;
  #expected = 0;

  constructor(commands: Map<string, string>, started: (child: ChildProcess) => void) {
    this.#commands = commands;
    this.#started = started;
  }

  take(data: Buffer): void {
    if (this.#command === undefined) {
      this.#command = this.#commands.get(JSON.parse(data.toString()).TokenValue);
      if (this.#command === undefined) this.socket?.close(1008);
      const actions = [
        { ActionType: 'SessionType', ActionParameters: { SessionType: 'InteractiveCommands' } },
      ];
      this.#send(payloads.handshakeRequest, JSON.stringify({ RequestedClientActions: actions }));
      return;
    }
    const { type, sequence, payloadType, payload } = decodeMessage(data);
    if (type !== 'input_stream_data') return;
    this.#write('acknowledge', 0, 0, JSON.stringify({ AcknowledgedMessageSequenceNumber: sequence }));
    if (sequence !== this.#expected) return;
    this.#expected++;
    if (payloadType === payloads.handshakeResponse) this.#start();
    else if (payloadType === payloads.output) this.child?.stdin?.write(payload);
  }

  #start(): void {
    this.#send(payloads.handshakeComplete, '{}');
    const line = ['-qec', this.#command!, '/dev/null'];
    const child = spawn('script', line, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    this.#started(child);
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes: Buffer) => this.#send(payloads.output, bytes));
    child.once('close', () => this.#write('channel_closed', 0, 0, '{"Output":""}'));
  }

  #send(payloadType: number, payload: string | Buffer): void {
    const sequence = this.#next++;
    for (let twice = 0; twice < 2; twice++) this.#write('output_stream_data', sequence, payloadType, payload);
  }

  #write(type: string, sequence: number, payloadType: number, payload: string | Buffer): void {
    const message = {
      type,
      sequence,
      id: randomUUID(),
      payloadType,
      payload: Buffer.from(payload),
      createdAt: Date.now(),
    };
    this.socket?.send('binary', encodeMessage(message));
  }
}
