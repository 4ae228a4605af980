import { decodeMessage, encodeMessage, flags, type Message, payloads } from './message.ts';

/** One connection to Session Manager, as far as a channel needs it. */
export interface ChannelSocket {
  send(data: string | Uint8Array): void;
  close(): void;
}

export interface ChannelOptions {
  socket: ChannelSocket;
  /** From ExecuteCommand's answer. */
  token: string;
  uuid(): string;
  now(): number;
  /** Passes on what the program writes; everything on a terminal. */
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** One of `flags`. */
  flag?(flag: number): void;
  /** The session is over: `code` if the agent told it, `why` if it has something to say. Once. */
  ended(end: { code?: number; why?: string }): void;
}

const clientVersion = '1.2.707.0';
const longestInput = 1_024;
const resendAfterMs = 1_000;
/** The agent acknowledges what the program has taken, which may begin by something else. */
const mostResends = 600;
const mostUnacknowledged = 128;
/** A connection on which nothing goes for some minutes is cut, and Node's WebSocket has no ping. */
const quietMs = 60_000;
/** An agent begins within a second or two, or not at all: of ECS Exec it has two sessions at a time. */
const beginsWithinMs = 30_000;

interface Sent {
  bytes: Uint8Array;
  at: number;
  times: number;
}

/**
 * A session's data channel. Each direction numbers its messages; what is not acknowledged is sent again, what comes
 * twice or too early waits or is dropped. Nothing of the user's goes out before the agent has shaken hands.
 */
export class DataChannel {
  readonly #options: ChannelOptions;
  readonly #unacknowledged = new Map<number, Sent>();
  readonly #early = new Map<number, Message>();
  #waiting: [number, Uint8Array][] | undefined = [];
  #expected = 0;
  #next = 0;
  #over = false;
  #goOn: (() => void)[] = [];
  #allTaken: (() => void)[] = [];
  #acknowledgement: Uint8Array | undefined;
  #saidAt = 0;
  #openedAt = Number.POSITIVE_INFINITY;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** The connection stands. */
  open(): void {
    const { socket, token, uuid, now } = this.#options;
    this.#openedAt = now();
    socket.send(
      JSON.stringify({
        MessageSchemaVersion: '1.0',
        RequestId: uuid(),
        TokenValue: token,
        ClientId: uuid(),
        ClientVersion: clientVersion,
      }),
    );
  }

  /** Resolves when enough is acknowledged for more to follow, or nothing is sent any more. */
  input(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += longestInput)
      this.#sendWhenReady(payloads.output, bytes.subarray(at, at + longestInput));
    return new Promise((resolve) => {
      this.#goOn.push(resolve);
      this.#letGoOn();
    });
  }

  /** Resolves when the agent has acknowledged all that was given here, or nothing is sent any more. */
  taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#allTaken.push(resolve);
      this.#letGoOn();
    });
  }

  resize(cols: number, rows: number): void {
    this.#sendWhenReady(payloads.size, Buffer.from(JSON.stringify({ cols, rows })));
  }

  /** Has the agent of a port end the session. */
  terminate(): void {
    this.#sendWhenReady(payloads.flag, Buffer.from([0, 0, 0, flags.terminate]));
  }

  /**
   * To be called now and then: sends the oldest message again that nobody acknowledged, or where all is quiet the last
   * acknowledgement, which means nothing the second time.
   */
  tick(): void {
    const now = this.#options.now();
    if (!this.#expected && now - this.#openedAt >= beginsWithinMs)
      this.#end({ why: 'the agent in the container does not begin: it has at most two sessions at a time' });
    if (this.#acknowledgement && !this.#over && now - this.#saidAt >= quietMs)
      this.#say(this.#acknowledgement);
    const oldest = this.#unacknowledged.values().next().value;
    if (!oldest || now - oldest.at < resendAfterMs) return;
    if (++oldest.times > mostResends) {
      this.#end({ why: 'the session does not answer any more' });
      return;
    }
    oldest.at = now;
    this.#say(oldest.bytes);
  }

  receive(bytes: Uint8Array): void {
    const message = decodeMessage(bytes);
    if (message.type === 'output_stream_data') this.#takeInOrder(message);
    else if (message.type === 'acknowledge') {
      this.#unacknowledged.delete(jsonOf(message).AcknowledgedMessageSequenceNumber as number);
      this.#letGoOn();
    } else if (message.type === 'channel_closed') {
      const why = jsonOf(message).Output;
      this.#end(typeof why === 'string' && why ? { why } : {});
    }
  }

  /** The connection is gone. */
  closed(): void {
    this.#end({ why: 'the session was cut off' });
  }

  #takeInOrder(message: Message): void {
    this.#acknowledge(message);
    if (message.sequence >= this.#expected) this.#early.set(message.sequence, message);
    for (let next = this.#early.get(this.#expected); next; next = this.#early.get(this.#expected)) {
      this.#early.delete(this.#expected++);
      this.#take(next);
    }
  }

  #take(message: Message): void {
    const { output, flag } = this.#options;
    const { payloadType, payload } = message;
    if (payloadType === payloads.output) output('stdout', payload);
    else if (payloadType === payloads.stderr) output('stderr', payload);
    else if (payloadType === payloads.flag) flag?.(Buffer.from(payload).readUInt32BE(0));
    else if (payloadType === payloads.exitCode) this.#end({ code: Number(Buffer.from(payload).toString()) });
    else if (payloadType === payloads.handshakeRequest)
      this.#send(payloads.handshakeResponse, Buffer.from(JSON.stringify(responseTo(jsonOf(message)))));
    else if (payloadType === payloads.handshakeComplete) {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const [type, bytes] of waiting) this.#send(type, bytes);
    }
  }

  #letGoOn(): void {
    const left = this.#over ? 0 : (this.#waiting?.length ?? 0) + this.#unacknowledged.size;
    if (left === 0) for (const taken of this.#allTaken.splice(0)) taken();
    if (left <= mostUnacknowledged) for (const goOn of this.#goOn.splice(0)) goOn();
  }

  #sendWhenReady(payloadType: number, payload: Uint8Array): void {
    if (this.#waiting) this.#waiting.push([payloadType, payload]);
    else this.#send(payloadType, payload);
  }

  #send(payloadType: number, payload: Uint8Array): void {
    if (this.#over) return;
    const { uuid, now } = this.#options;
    const sequence = this.#next++;
    const message = {
      type: 'input_stream_data',
      sequence,
      id: uuid(),
      payloadType,
      payload,
      createdAt: now(),
    };
    const bytes = encodeMessage(message);
    this.#unacknowledged.set(sequence, { bytes, at: now(), times: 0 });
    this.#say(bytes);
  }

  #say(bytes: Uint8Array): void {
    this.#saidAt = this.#options.now();
    this.#options.socket.send(bytes);
  }

  #acknowledge({ type, id, sequence }: Message): void {
    const { uuid, now } = this.#options;
    const payload = Buffer.from(
      JSON.stringify({
        AcknowledgedMessageType: type,
        AcknowledgedMessageId: id,
        AcknowledgedMessageSequenceNumber: sequence,
        IsSequentialMessage: true,
      }),
    );
    const message = {
      type: 'acknowledge',
      sequence: 0,
      id: uuid(),
      payloadType: 0,
      payload,
      createdAt: now(),
      flags: 3,
    };
    this.#acknowledgement = encodeMessage(message);
    if (!this.#over) this.#say(this.#acknowledgement);
  }

  #end(end: { code?: number; why?: string }): void {
    if (this.#over) return;
    this.#over = true;
    this.#unacknowledged.clear();
    this.#letGoOn();
    this.#options.socket.close();
    this.#options.ended(end);
  }
}

const jsonOf = ({ payload }: Message): Record<string, unknown> => JSON.parse(Buffer.from(payload).toString());

const [done, unsupported] = [1, 3];

/** The agent says what kind of session this is; encryption by a KMS key of the session is not done here. */
function responseTo({ RequestedClientActions = [] }: { RequestedClientActions?: { ActionType: string }[] }) {
  const processed = RequestedClientActions.map(({ ActionType }) =>
    ActionType === 'SessionType'
      ? { ActionType, ActionStatus: done, ActionResult: null, Error: '' }
      : {
          ActionType,
          ActionStatus: unsupported,
          ActionResult: null,
          Error: `Unsupported action ${ActionType}`,
        },
  );
  const errors = processed.flatMap((each) => each.Error || []);
  return { ClientVersion: clientVersion, ProcessedClientActions: processed, Errors: errors };
}
