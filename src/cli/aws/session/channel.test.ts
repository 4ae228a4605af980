import { describe, expect, test } from '@jest/globals';
import { DataChannel } from './channel.ts';
import { decodeMessage, encodeMessage, type Message, payloads } from './message.ts';

const id = '00112233-4455-6677-8899-aabbccddeeff';

/** A channel, and what it sent and told. */
function setUp() {
  const sent: (string | Message)[] = [];
  const told: string[] = [];
  const ends: object[] = [];
  let now = 0;
  let closed = false;
  const channel = new DataChannel({
    socket: {
      send: (data) => void sent.push(typeof data === 'string' ? data : decodeMessage(data)),
      close: () => {
        closed = true;
      },
    },
    token: 'token',
    uuid: () => id,
    now: () => now,
    output: (stream, bytes) => void told.push(`${stream} ${Buffer.from(bytes)}`),
    ended: (end) => void ends.push(end),
  });
  const receive = (type: string, sequence: number, payloadType: number, payload: string) =>
    channel.receive(
      encodeMessage({ type, sequence, id, payloadType, payload: Buffer.from(payload), createdAt: 0 }),
    );
  const data = (sequence: number, text: string, payloadType: number = payloads.output) =>
    receive('output_stream_data', sequence, payloadType, text);
  return {
    channel,
    told,
    ends,
    data,
    receive,
    isClosed: () => closed,
    at: (time: number) => {
      now = time;
      channel.tick();
    },
    acknowledge: (sequence: number) =>
      receive('acknowledge', 0, 0, JSON.stringify({ AcknowledgedMessageSequenceNumber: sequence })),
    inputs: () =>
      sent.flatMap((each) =>
        typeof each !== 'string' && each.type === 'input_stream_data'
          ? [`${each.sequence} ${each.payloadType} ${Buffer.from(each.payload)}`]
          : [],
      ),
    acknowledged: () =>
      sent.flatMap((each) =>
        typeof each !== 'string' && each.type === 'acknowledge'
          ? [JSON.parse(Buffer.from(each.payload).toString()).AcknowledgedMessageSequenceNumber]
          : [],
      ),
    sent,
  };
}

const handshake = JSON.stringify({
  AgentVersion: '3.3',
  RequestedClientActions: [
    { ActionType: 'SessionType', ActionParameters: { SessionType: 'InteractiveCommands' } },
  ],
});

function ready() {
  const world = setUp();
  world.data(0, handshake, payloads.handshakeRequest);
  world.data(1, '{}', payloads.handshakeComplete);
  world.acknowledge(0);
  return world;
}

test('it begins with the token, and answers the handshake', () => {
  const { channel, sent, data, inputs } = setUp();
  channel.open();
  expect(JSON.parse(sent[0] as string)).toMatchObject({ MessageSchemaVersion: '1.0', TokenValue: 'token' });
  data(0, handshake, payloads.handshakeRequest);
  expect(JSON.parse(inputs()[0]!.slice(4))).toMatchObject({
    ProcessedClientActions: [{ ActionType: 'SessionType', ActionStatus: 1 }],
    Errors: [],
  });
});

test('a session that wants its own encryption is told that there is none', () => {
  const { data, inputs } = setUp();
  const actions = [{ ActionType: 'KMSEncryption', ActionParameters: { KMSKeyId: 'k' } }];
  data(0, JSON.stringify({ RequestedClientActions: actions }), payloads.handshakeRequest);
  expect(JSON.parse(inputs()[0]!.slice(4))).toMatchObject({
    ProcessedClientActions: [{ ActionStatus: 3 }],
    Errors: ['Unsupported action KMSEncryption'],
  });
});

test('nothing of the user goes out before the handshake is complete', () => {
  const { channel, data, inputs } = setUp();
  channel.input(Buffer.from('ls'));
  channel.resize(80, 24);
  expect(inputs()).toEqual([]);
  data(0, '{}', payloads.handshakeComplete);
  expect(inputs()).toEqual(['0 1 ls', '1 3 {"cols":80,"rows":24}']);
});

test('output is told in order and once, whatever the order and however often it comes', () => {
  const { data, told, acknowledged } = ready();
  for (const [sequence, text] of [
    [3, 'b'],
    [2, 'a'],
    [3, 'b'],
    [2, 'a'],
    [5, 'd'],
    [4, 'c'],
  ] as const)
    data(sequence, text);
  expect(told).toEqual(['stdout a', 'stdout b', 'stdout c', 'stdout d']);
  expect(acknowledged()).toEqual([0, 1, 3, 2, 3, 2, 5, 4]);
});

test('input that nobody acknowledges is sent again, in the end in vain', () => {
  const { channel, inputs, at, acknowledge, ends } = ready();
  channel.input(Buffer.from('a'));
  channel.input(Buffer.from('b'));
  at(999);
  expect(inputs().slice(1)).toEqual(['1 1 a', '2 1 b']);
  at(1_000);
  expect(inputs().slice(3)).toEqual(['1 1 a']);
  acknowledge(1);
  at(2_000);
  expect(inputs().slice(4)).toEqual(['2 1 b']);
  for (let time = 3_000; time < 700_000; time += 1_000) at(time);
  expect(ends).toEqual([{ why: 'the session does not answer any more' }]);
});

test('all is taken once it is acknowledged, which begins after the handshake, or never will be', async () => {
  const { channel, data, acknowledge } = setUp();
  let taken = false;
  void channel.input(Buffer.from('bye'));
  void channel.taken().then(() => {
    taken = true;
  });
  data(0, handshake, payloads.handshakeRequest);
  data(1, '{}', payloads.handshakeComplete);
  acknowledge(0);
  await Promise.resolve();
  expect(taken).toBe(false);
  acknowledge(1);
  await Promise.resolve();
  expect(taken).toBe(true);

  const cut = setUp();
  void cut.channel.input(Buffer.from('bye'));
  const told = cut.channel.taken();
  cut.channel.closed();
  await told;
});

test('where nothing is said for a minute, the last acknowledgement keeps the connection', () => {
  const { channel, at, acknowledge, acknowledged, data, receive } = ready();
  at(59_999);
  expect(acknowledged()).toEqual([0, 1]);
  at(60_000);
  expect(acknowledged()).toEqual([0, 1, 1]);
  data(2, 'a');
  at(119_999);
  expect(acknowledged()).toEqual([0, 1, 1, 2]);
  channel.input(Buffer.from('b'));
  acknowledge(1);
  at(179_998);
  expect(acknowledged()).toEqual([0, 1, 1, 2]);
  at(179_999);
  expect(acknowledged()).toEqual([0, 1, 1, 2, 2]);
  receive('channel_closed', 0, 0, '{}');
  at(300_000);
  expect(acknowledged()).toEqual([0, 1, 1, 2, 2]);
});

test('long input goes in pieces', () => {
  const { channel, inputs } = ready();
  channel.input(Buffer.alloc(2_500, 'x'));
  expect(
    inputs()
      .slice(1)
      .map((each) => each.length - 4),
  ).toEqual([1_024, 1_024, 452]);
});

test('input waits while much of it is not acknowledged, and no longer than the session', async () => {
  const { channel, acknowledge } = ready();
  const states: string[] = [];
  const input = (name: string, bytes: number) =>
    void channel.input(Buffer.alloc(bytes)).then(() => states.push(name));
  input('few', 100 * 1_024);
  input('many', 30 * 1_024);
  await Promise.resolve();
  expect(states).toEqual(['few']);
  for (const sequence of [1, 2, 3]) acknowledge(sequence);
  await Promise.resolve();
  expect(states).toEqual(['few', 'many']);
  input('too many', 30 * 1_024);
  channel.closed();
  await Promise.resolve();
  expect(states).toEqual(['few', 'many', 'too many']);
});

describe('it ends once', () => {
  test('with the code of the agent', () => {
    const { data, ends, receive, isClosed } = ready();
    data(2, '3', payloads.exitCode);
    receive('channel_closed', 0, 0, '{}');
    expect(ends).toEqual([{ code: 3 }]);
    expect(isClosed()).toBe(true);
  });
  test('with what the service has to say', () => {
    const { receive, ends, channel } = ready();
    receive('channel_closed', 0, 0, '{"Output":"no agent"}');
    channel.closed();
    expect(ends).toEqual([{ why: 'no agent' }]);
  });
  test('when the agent never begins', () => {
    const { channel, ends, at, isClosed } = setUp();
    at(40_000);
    channel.open();
    at(69_999);
    expect(ends).toEqual([]);
    at(70_000);
    expect(ends).toEqual([{ why: expect.stringContaining('at most two sessions') }]);
    expect(isClosed()).toBe(true);
  });
  test('when it is cut off', () => {
    const { channel, ends } = ready();
    channel.closed();
    expect(ends).toEqual([{ why: 'the session was cut off' }]);
  });
});
