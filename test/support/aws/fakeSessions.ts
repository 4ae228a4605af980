import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeMessage, encodeMessage, payloads } from '../../../src/cli/aws/session/message.ts';
import { acceptWebSocket } from '../../../src/shared/streams/websocket/server.ts';
import type { WebSocketEnd } from '../../../src/shared/streams/websocket/speak.ts';
import { type Program, port, type StartProgram, shell } from './fakeAgent.ts';

/** Session Manager with its agent on this machine. Says everything twice. A session goes on when its client is gone. */
export async function openFakeSessions() {
  const programs = new Map<string, StartProgram>();
  const running = new Set<Agent>();
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const agent = new Agent(programs, () => running.delete(agent));
    running.add(agent);
    agent.socket = acceptWebSocket(request, socket, undefined, {
      message: (data) => agent.take(data),
      closed: () => {
        agent.socket = undefined;
        if (!agent.program) running.delete(agent);
      },
    });
  });
  const session = (program: StartProgram) => {
    const tokenValue = randomUUID();
    programs.set(tokenValue, program);
    return { streamUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, tokenValue };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    /** As ExecuteCommand answers. */
    session: (command: string) => session(shell(command)),
    /** As StartSession answers, but for the case of its letters. */
    portSession: (number: number) => session(port(number)),
    /** Sessions that go on. */
    running: () => running.size,
    close: () => {
      for (const agent of running) agent.program?.close();
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

class Agent {
  socket: WebSocketEnd | undefined;
  program: Program | undefined;
  readonly #programs: Map<string, StartProgram>;
  #start: StartProgram | undefined;
  #next = 0;
  #expected = 0;

  readonly #ended: () => void;

  constructor(programs: Map<string, StartProgram>, ended: () => void) {
    this.#programs = programs;
    this.#ended = ended;
  }

  take(data: Buffer): void {
    if (!this.#start) {
      this.#start = this.#programs.get(JSON.parse(data.toString()).TokenValue);
      if (!this.#start) this.socket?.close(1008);
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
    if (payloadType === payloads.handshakeResponse) this.#begin(this.#start);
    else this.program?.take(payloadType, Buffer.from(payload));
  }

  #begin(start: StartProgram): void {
    this.#send(payloads.handshakeComplete, '{}');
    this.program = start({
      send: (type, payload) => this.#send(type, payload),
      end: () => {
        this.#write('channel_closed', 0, 0, '{"Output":""}');
        this.#ended();
      },
    });
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
