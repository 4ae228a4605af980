import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { readMessages, withLength } from './framing.ts';

export interface Upstream {
  address: string;
  port: number;
}

export interface Forwarder {
  /** The bytes that an upstream server answers to these, over the same transport. Undefined: none does. */
  ask(query: Buffer, over: 'udp' | 'tcp'): Promise<Buffer | undefined>;
}

/** Says how long one server is waited for, in milliseconds. */
const patienceMs = 2_000;
const attempts = 2;
/** Questions under way at once: what comes beyond is answered that it failed. */
const mostUnderWay = 512;

/** Asks the servers in their order; one that does not answer is passed over. */
export function openForwarder(upstreams: () => readonly Upstream[]): Forwarder {
  let underWay = 0;
  return {
    async ask(query, over) {
      if (underWay >= mostUnderWay) return undefined;
      underWay++;
      try {
        // A number of our own: an answer is taken only by who knows it.
        const id = randomInt(65_536);
        const sent = withId(query, id);
        const send = over === 'udp' ? overUdp : overTcp;
        for (let attempt = 0; attempt < attempts; attempt++)
          for (const upstream of upstreams()) {
            const answer = await send(sent, upstream).catch(() => undefined);
            if (answer) return withId(answer, query.readUInt16BE(0));
          }
        return undefined;
      } finally {
        underWay--;
      }
    },
  };
}

function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(id, 0);
  return copy;
}

const isAnswerTo = (answer: Buffer, query: Buffer): boolean =>
  answer.length >= 12 && answer.readUInt16BE(0) === query.readUInt16BE(0) && (answer[2]! & 0x80) !== 0;

function overUdp(query: Buffer, { address, port }: Upstream): Promise<Buffer> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  return new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timed out')), patienceMs);
    socket.once('close', () => clearTimeout(timer));
    socket.on('error', reject);
    socket.on('message', (answer) => isAnswerTo(answer, query) && resolve(answer));
    // Connected, so that nobody else's datagrams come in and a refusal shows. A callback of connect() would take its error.
    socket.once('connect', () => socket.send(query));
    socket.connect(port, address);
  }).finally(() => socket.close());
}

function overTcp(query: Buffer, { address, port }: Upstream): Promise<Buffer> {
  const socket = connect({ host: address, port });
  return new Promise<Buffer>((resolve, reject) => {
    socket.setTimeout(patienceMs, () => reject(new Error('timed out')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    readMessages(socket, async (answer) => {
      if (isAnswerTo(answer, query)) resolve(answer);
    });
    socket.write(withLength(query));
  }).finally(() => socket.destroy());
}
