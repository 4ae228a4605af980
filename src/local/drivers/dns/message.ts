import dns, { type Answer, type Packet } from 'dns-packet';

/** Describes what is answered, before it is known how much of it fits. */
export interface Reply {
  id: number;
  question: NonNullable<Packet['questions']>[number];
  flags: number;
  answers: Answer[];
  additionals: Answer[];
  authorities: Answer[];
  /** The client speaks EDNS, so that the answer does. */
  edns: boolean;
}

const plainLimit = 512;
/** Is what passes everywhere in one piece. */
const largestDatagram = 1232;

/** Returns how much a client takes in one datagram. */
export function datagramLimit(query: Packet): number {
  const size = optionsOf(query)?.udpPayloadSize ?? plainLimit;
  return Math.min(Math.max(size, plainLimit), largestDatagram);
}

/** The EDNS record of a query. */
export const optionsOf = (query: Packet) => query.additionals?.find((each) => each.type === 'OPT');

/**
 * The bytes of a reply. What does not fit into `limit` is left out from the end, and answers that are missing are told
 * by the flag for it: the client asks again over TCP, or makes do with those it has.
 */
export function encodeReply(reply: Reply, limit: number): Buffer {
  const { id, question, edns } = reply;
  const options = edns ? [encodeRecord(ourOptions, question.name)] : [];
  const begin = dns.encode({ type: 'response', id, flags: reply.flags, questions: [question] });
  let left = limit - begin.length - lengthOf(options);
  const fitting = (records: Answer[]): Buffer[] => {
    const fits: Buffer[] = [];
    for (const each of records) {
      const bytes = encodeRecord(each, question.name);
      if (bytes.length > left) break;
      left -= bytes.length;
      fits.push(bytes);
    }
    return fits;
  };
  const answers = fitting(reply.answers);
  const authorities = fitting(reply.authorities);
  const additionals = [...fitting(reply.additionals), ...options];
  if (answers.length < reply.answers.length)
    begin.writeUInt16BE(begin.readUInt16BE(2) | dns.TRUNCATED_RESPONSE, 2);
  for (const [at, records] of [
    [6, answers],
    [8, authorities],
    [10, additionals],
  ] as const)
    begin.writeUInt16BE(records.length, at);
  return Buffer.concat([begin, ...answers, ...authorities, ...additionals]);
}

const lengthOf = (parts: Buffer[]) => parts.reduce((sum, part) => sum + part.length, 0);

const ourOptions: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: largestDatagram,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

const headerLength = 12;
/** Points back to the name of the question, which begins behind the header. */
const toQuestion = Buffer.from([0xc0, headerLength]);
const typeAndClass = 4;

function encodeRecord(record: Answer, asked: string): Buffer {
  const bytes = dns.encode({ answers: [record] }).subarray(headerLength);
  if (record.name !== asked || asked === '.') return bytes;
  const name = dns.encode({ questions: [{ name: asked, type: 'A' }] }).length - headerLength - typeAndClass;
  return Buffer.concat([toQuestion, bytes.subarray(name)]);
}
