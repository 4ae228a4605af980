import { expect, test } from '@jest/globals';
import { decodeProtobuf } from '../../kinds/schema/protobuf.ts';
import { Reader } from '../../kinds/schema/wire.ts';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** The first events of a watch. */
async function events(
  count: number,
  query: string,
  accept: string,
  type: string,
  kind = type,
  apiVersion = 'v1',
) {
  const { handle, send } = await testServer();
  for (const name of ['a', 'b']) await send(`POST ${configMaps}`, { body: { metadata: { name } } });
  const { headers, body } = await handle({
    method: 'GET',
    target: `${configMaps}?watch=true&${query}`,
    header: (name) => (name === 'accept' ? accept : undefined),
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: '', internal: { user: 'u', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  });
  expect(headers['content-type']).toBe(`${protobuf};stream=watch`);
  const frames: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>)
    if (frames.push(Buffer.from(chunk)) === count) break;
  return frames.map((frame) => {
    expect(frame.readUInt32BE()).toBe(frame.length - 4);
    const fields = fieldsOf(frame.subarray(4));
    const object = fieldsOf(fields[2]!)[1]!;
    const name = String(fields[1]);
    const expected = { apiVersion, kind, type };
    // biome-ignore lint/suspicious/noExplicitAny: what it is stands in the event
    return { type: name, object: decodeProtobuf<any>(object, expected) };
  });
}

function fieldsOf(bytes: Uint8Array): Buffer[] {
  const fields: Buffer[] = [];
  const reader = new Reader(bytes);
  while (!reader.done) fields[reader.tag().number] = reader.delimited();
  return fields;
}

test('each event is a frame with its length in front', async () => {
  const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const [first, second, end] = await events(3, query, protobuf, 'ConfigMap');
  expect(first).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } });
  expect(second).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  expect(end).toMatchObject({
    type: 'BOOKMARK',
    object: { metadata: { resourceVersion: '3', annotations } },
  });
});

test('metadata alone', async () => {
  const accept = `${protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`;
  const type = 'PartialObjectMetadata';
  const [first] = await events(1, '', accept, type, type, 'meta.k8s.io/v1');
  expect(first).toMatchObject({ type: 'ADDED', object: { kind: type, metadata: { name: 'a' } } });
});
