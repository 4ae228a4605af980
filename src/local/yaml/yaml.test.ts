import { afterEach, expect, jest, test } from '@jest/globals';
import { decodeBody } from '../../shared/api/write/decode.ts';
import { structuralSchema } from '../../shared/kinds/custom/structuralSchema.ts';
import { goSchema } from '../../shared/kinds/schema/goSchema.ts';
import type { Judge } from '../../shared/kinds/schema/objectSchema.ts';
import { encodeProtobuf } from '../../shared/kinds/schema/protobuf-encode.ts';
import { type BodyParser, judgingMs, openBodyParser } from './index.ts';

let parser: BodyParser | undefined;
afterEach(() => parser?.close());

/** Longer than what is parsed at once. */
const padding = `# ${'x'.repeat(20_000)}\n`;

test('A5: large texts are parsed elsewhere, in turn, to the same values', async () => {
  parser = openBodyParser();
  const texts = [`${padding}a: 1\nb: [y, 3546343826724305832]\na: 2\n`, `${padding}c: text\n`, 'd: short'];
  const [first, second, third] = await Promise.all(texts.map((text) => parser!.parseYaml(text)));
  expect(first).toEqual({
    value: { a: 2, b: [true, 3546343826724305832n] },
    repeated: ['line 4: key "a" already set in map'],
  });
  expect([second!.value, third!.value]).toEqual([{ c: 'text' }, { d: 'short' }]);
});

test('A5: while a large text is parsed, the loop turns', async () => {
  parser = openBodyParser();
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await expect(parser.parseYaml('['.repeat(3_000_000))).rejects.toThrow('yaml: exceeded max depth of 500');
  isDone = true;
  expect(turns).toBeGreaterThan(10);
});

test('A5: a text over its budget of time is refused, and the next one is parsed', async () => {
  parser = openBodyParser(1);
  await expect(parser.parseYaml(`${padding}a: 1\n`)).rejects.toThrow('yaml: parsing takes too long');
  expect((await parser.parseYaml('a: 1')).value).toEqual({ a: 1 });
});

test('patterns and rules that take long are judged elsewhere as they would be here, and the loop turns', async () => {
  parser = openBodyParser();
  const schema = {
    type: 'object',
    properties: {
      text: { type: 'string', pattern: '^(a+)+$' },
      spec: {
        ...{ type: 'array', maxItems: 1000, items: { type: 'integer' } },
        'x-kubernetes-validations': [
          { rule: 'self.all(a, self.all(b, a < b + 500))' },
          { rule: 'self.size() == oldSelf.size()' },
        ],
      },
    },
  };
  const { causesSoon, causes } = structuralSchema({
    names: { group: 'example.com', version: 'v1', kind: 'Thing', listKind: 'ThingList', plural: 'things' },
    load: () => schema,
    ...{ selectable: [], fingerprint: '' },
  });
  const objectOf = (count: number) => ({
    metadata: { name: 'a' },
    spec: Array.from({ length: count }, (_, i) => i),
  });
  let tasks = 0;
  const judge: Judge = (task) => {
    tasks++;
    return parser!.judge('main')(task);
  };
  for (const [count, old] of [[300], [600], [600, 3], [400, 400]] as const) {
    const before = old === undefined ? undefined : objectOf(old);
    let isJudged = false;
    let turns = 0;
    const turn = () => {
      if (!isJudged && turns++ >= 0) setImmediate(turn);
    };
    setImmediate(turn);
    const found = await causesSoon!(objectOf(count), before, 'main', judge);
    isJudged = true;
    expect(found).toEqual(causes(objectOf(count), before));
    expect(turns).toBeGreaterThan(0);
  }
  expect(tasks).toBe(4);
  const text = (length: number) => ({ metadata: { name: 'a' }, text: `${'a'.repeat(length)}!` });
  expect(await causesSoon!(text(200_000), undefined, 'main', judge)).toEqual(causes(text(200_000)));
  expect(tasks).toBe(5);
  // What takes a moment is judged at once.
  expect(causesSoon!(text(20), undefined, 'main', judge)).toEqual(causes(text(20)));
  expect(causesSoon!(objectOf(30), objectOf(3), 'main', judge)).toEqual(causes(objectOf(30), objectOf(3)));
  expect(tasks).toBe(5);
});

test('rules over the budget of time are a Timeout', async () => {
  parser = openBodyParser(1);
  const task = { schema: { type: 'object' }, object: { metadata: {} }, part: 'main' as const };
  const message = 'the object was not judged: it takes too long';
  await expect(parser.judge('main')(task)).rejects.toMatchObject({ reason: 'Timeout', message });
});

test('an object that cannot be sent to the thread is a Timeout, and the next one is judged', async () => {
  parser = openBodyParser(judgingMs);
  const task = (object: object) => ({
    schema: { type: 'object' },
    object: object as never,
    part: 'main' as const,
  });
  const unsent = parser.judge('main')(task({ metadata: {}, call: () => undefined }));
  const sent = parser.judge('main')(task({ kind: 'A', apiVersion: 'a/v1', metadata: { name: 'a' } }));
  await expect(unsent).rejects.toMatchObject({ reason: 'Timeout' });
  expect(await sent).toEqual([]);
});

test('objects of one definition do not delay those of another for longer than one takes', async () => {
  parser = openBodyParser(judgingMs);
  const object = { kind: 'A', apiVersion: 'a/v1', metadata: { name: 'a' } };
  const [crowded, other] = [{ type: 'object' }, { type: 'object' }];
  const order: string[] = [];
  const judge = (name: string, schema: object) =>
    parser!
      .judge('main')({ schema, object, part: 'main' })
      .then(() => order.push(name));
  await Promise.all([...['a1', 'a2', 'a3'].map((name) => judge(name, crowded)), judge('b', other)]);
  expect(order).toEqual(['a1', 'a2', 'b', 'a3']);
});

const expected = { group: '', version: 'v1', kind: 'Pod', apiVersion: 'v1', schema: goSchema('Pod') };
const container = { name: 'c', image: 'i', resources: { limits: { cpu: '0.5' } } };
const largePod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', annotations: { padding: 'x'.repeat(300_000), ['__proto__']: 'own' } },
  spec: { containers: [container], terminationGracePeriodSeconds: 3546343826724305832n, typo: 1 },
};
const json = JSON.stringify(largePod);
const { typo: _, ...spec } = largePod.spec;

test.each([
  ['JSON', 'application/json', Buffer.from(json.replace('"kind"', '"kind":"Pod","kind"'))],
  ['YAML', 'application/yaml', Buffer.from(json)],
  ['protobuf', 'application/vnd.kubernetes.protobuf', encodeProtobuf({ ...largePod, spec } as object, 'Pod')],
  ['JSON that is none', 'application/json', Buffer.from(`${json}}`)],
  ['JSON of another kind', 'application/json', Buffer.from(json.replace('"Pod"', '"Service"'))],
  [
    'JSON that does not fit',
    'application/json',
    Buffer.from(json.replace('[{', '{"a":[{').replace('}]', '}]}')),
  ],
  ['protobuf that is none', 'application/vnd.kubernetes.protobuf', Buffer.alloc(300_000, 7)],
  ['what it does not know', 'text/plain', Buffer.from(json)],
])('A5: a large body is decoded elsewhere as it would be here: %s', async (_, contentType, bytes) => {
  parser = openBodyParser();
  const here = await settled(decodeBody(bytes, contentType, expected));
  let isElsewhere = false;
  const watched: typeof parser.decodeLarge = (...body) => {
    isElsewhere = true;
    return parser!.decodeLarge(...body);
  };
  const elsewhere = await settled(decodeBody(bytes, contentType, expected, { decodeLarge: watched }));
  expect(isElsewhere).toBe(true);
  expect(elsewhere).toEqual(here);
});

const decoded = (contentType: string) => decodeBody(Buffer.from(json), contentType, expected, parser);

test('A5: a large body over its budget of time is refused, and the next one is decoded', async () => {
  parser = openBodyParser(1);
  await expect(decoded('application/yaml')).rejects.toMatchObject({ reason: 'BadRequest' });
  await parser.close();
  parser = openBodyParser();
  expect((await decoded('application/yaml')).object.metadata.name).toBe('p');
});

test('a large body of JSON has longer than a text of YAML, and over its budget it is a Timeout', async () => {
  parser = openBodyParser(1);
  expect((await decoded('application/json')).object.metadata.name).toBe('p');
  await parser.close();
  parser = openBodyParser(1, 1);
  await expect(decoded('application/json')).rejects.toMatchObject({ reason: 'Timeout' });
});

test('who has come while what the thread sent back is parsed goes before the rest of the write', async () => {
  parser = openBodyParser();
  const order: string[] = [];
  const { parse } = JSON;
  const parsing = jest.spyOn(JSON, 'parse').mockImplementation((...args) => {
    setImmediate(() => order.push('another'));
    return parse(...args);
  });
  await decodeBody(Buffer.from(json), 'application/json', expected, parser);
  parsing.mockRestore();
  order.push('itself');
  expect(order).toEqual(['another', 'itself']);
});

/** Returns what came of it, as JSON, which shows the order of fields and every digit. */
const settled = (decoding: Promise<object>) =>
  decoding.then(
    (decoded) => JSON.stringify(decoded),
    ({ reason, message, details }) => ({ reason, message, details }),
  );
