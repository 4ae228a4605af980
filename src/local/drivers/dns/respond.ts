import dns, { type Packet } from 'dns-packet';
import type { Clock } from '../../../shared/clock/clock.ts';
import { type AnswerOptions, answer, type Known } from './answer.ts';
import type { Forwarder } from './forward.ts';
import { datagramLimit, encodeReply, optionsOf, type Reply } from './message.ts';
import type { Zone } from './names.ts';

export interface RespondOptions {
  /** The names of the logical cluster that is asked, as they are now. */
  zone(): Zone;
  isOwn: AnswerOptions['isOwn'];
  forwarder: Forwarder;
  clock: Clock;
}

/** Bytes of a query in, bytes of an answer out; undefined for what is no query and gets none. */
export type Respond = (query: Buffer, over: 'udp' | 'tcp') => Promise<Buffer | undefined>;

const codes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4 };
const headerLength = 12;
const largestMessage = 65_535;

/** Answers for one logical cluster: its names from memory, all others by asking elsewhere. */
export function createRespond({ zone, isOwn, forwarder, clock }: RespondOptions): Respond {
  let turn = 0;
  return async (bytes, over) => {
    if (bytes.length < headerLength || bytes[2]! & 0x80) return undefined;
    const query = decoded(bytes);
    const [question, ...more] = query?.questions ?? [];
    if (!query || !question || more.length) return refusal(bytes, codes.FORMERR);
    if (query.opcode !== 'QUERY') return refusal(bytes, codes.NOTIMP);
    const found = answer(question, { zone: zone(), isOwn, serial: Math.floor(clock.now() / 1000) });
    if (!found) return (await forwarder.ask(bytes, over)) ?? refusal(bytes, codes.SERVFAIL);
    const elsewhere = found.elsewhere ? await aliasTarget(found.elsewhere, question, forwarder) : [];
    const reply = replyTo(query, question, found);
    const answers = [...rotated(reply.answers, turn++), ...elsewhere];
    return encodeReply({ ...reply, answers }, over === 'udp' ? datagramLimit(query) : largestMessage);
  };
}

function decoded(bytes: Buffer): (Packet & { opcode?: string }) | undefined {
  try {
    return dns.decode(bytes);
  } catch {
    return undefined;
  }
}

type Question = NonNullable<Packet['questions']>[number];

const replyTo = (query: Packet, question: Question, { code, ...records }: Known): Reply => ({
  id: query.id ?? 0,
  question,
  flags:
    dns.AUTHORITATIVE_ANSWER |
    dns.RECURSION_AVAILABLE |
    ((query.flags ?? 0) & dns.RECURSION_DESIRED) |
    codes[code],
  ...records,
  edns: optionsOf(query) !== undefined,
});

/** Clients that take the first address do not all take the same one. An alias stays before what it leads to. */
function rotated<T extends { type: string }>(answers: T[], turn: number): T[] {
  const aliases = answers.filter(({ type }) => type === 'CNAME');
  const others = answers.filter(({ type }) => type !== 'CNAME');
  const first = others.length ? turn % others.length : 0;
  return [...aliases, ...others.slice(first), ...others.slice(0, first)];
}

/** Returns what an alias out of the cluster leads to. Where nobody knows, the alias alone is the answer. */
async function aliasTarget(name: string, { type }: Question, forwarder: Forwarder) {
  const query = dns.encode({
    type: 'query',
    id: 0,
    flags: dns.RECURSION_DESIRED,
    questions: [{ name, type }],
  });
  const answer = await forwarder.ask(query, 'udp');
  return (answer && decoded(answer)?.answers) ?? [];
}

/** The header of the query with an error code, and with nothing behind it. */
function refusal(query: Buffer, code: number): Buffer {
  const isWhole = code === codes.SERVFAIL;
  const bytes = Buffer.from(isWhole ? query : query.subarray(0, headerLength));
  bytes[2] = 0x80 | (query[2]! & 0x79);
  bytes[3] = 0x80 | code;
  // The question stays with a failure; what may come behind it are options.
  if (!isWhole) bytes.fill(0, 4, headerLength);
  return bytes;
}
