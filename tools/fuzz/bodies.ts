import { stringify } from 'yaml';
import { encodeProtobuf } from '../../src/shared/kinds/schema/protobuf-encode.ts';
import { withValue } from '../differential/grammar.ts';
import type { Draw } from './request.ts';
import { type FuzzResource, names, odd } from './words.ts';

export interface FuzzBody {
  type: string;
  body: Buffer;
}

/** A body for a resource: an object, or with `patchType` a patch of that type. Half of them are damaged somehow. */
export function bodyOf(draw: Draw, resource: FuzzResource, patchType?: string): FuzzBody {
  if (patchType) return patchOf(draw, resource, patchType);
  const object = objectOf(draw, resource);
  const form = draw.below(4);
  if (form === 0) return { type: 'application/yaml', body: damaged(draw, Buffer.from(stringify(object))) };
  if (form === 1) {
    const bytes = encodeProtobuf(plain(resource), resource.kind);
    return { type: 'application/vnd.kubernetes.protobuf', body: mutated(draw, bytes) };
  }
  return { type: 'application/json', body: damaged(draw, Buffer.from(JSON.stringify(object))) };
}

const plain = ({ apiVersion, kind, rest }: FuzzResource) => ({
  apiVersion,
  kind,
  metadata: { name: 'new' },
  ...rest,
});

const places = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.labels.a',
  'metadata.annotations',
  'metadata.uid',
  'metadata.finalizers',
  'metadata.ownerReferences',
  'metadata.resourceVersion',
  'metadata.creationTimestamp',
  'kind',
  'apiVersion',
  'data',
  'data.a',
  'spec',
  'spec.replicas',
  'spec.containers',
  'spec.containers.0.image',
  'spec.ports.0.port',
  'spec.template',
  'spec.selector',
  'status',
  'status.phase',
  'metadata',
  'unknown',
  'metadata.managedFields',
];
const values: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  [],
  {},
  [null],
  [1],
  { a: 1 },
  { __proto__: null, constructor: 'x' },
  [[]],
  '🙂',
  9007199254740992,
  { a: { b: { c: [] } } },
];

function objectOf(draw: Draw, resource: FuzzResource): object {
  let object: object = { ...plain(resource), metadata: { name: draw.one(names) } };
  while (draw.rarely(2)) {
    const value = draw.rarely(3) ? draw.one(odd) : draw.one(values);
    // A place below something that is no object any more stays as it is.
    try {
      object = withValue(object, draw.one(places), value);
    } catch {}
  }
  return object;
}

function patchOf(draw: Draw, resource: FuzzResource, type: string): FuzzBody {
  const text = type.includes('json-patch') ? operations(draw) : changes(draw, resource, type);
  return { type, body: damaged(draw, Buffer.from(text)) };
}

const pointers = [
  '/metadata/labels',
  '/metadata/labels/a',
  '/data/a',
  '/data/-',
  '/spec/ports/0',
  '/spec/containers/-',
  '',
  '/',
  '/x/y',
  '~1',
  '/a~2',
];

function operations(draw: Draw): string {
  const list = Array.from({ length: draw.below(4) }, () => ({
    op: draw.one(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
    path: draw.one(pointers),
    ...(draw.rarely(2) && { from: draw.one(pointers) }),
    ...(!draw.rarely(4) && { value: draw.one(values) }),
  }));
  return JSON.stringify(list);
}

function changes(draw: Draw, resource: FuzzResource, type: string): string {
  const whole = objectOf(draw, resource) as Record<string, unknown>;
  if (type.includes('apply')) return stringify(whole);
  const { apiVersion: _version, kind: _kind, ...rest } = whole;
  const directives = [
    {},
    { $patch: 'delete' },
    { $patch: 'replace' },
    { $patch: [{ toString: {} }] },
    { $retainKeys: ['a'] },
  ];
  return JSON.stringify({ ...(draw.rarely(2) ? whole : rest), ...draw.one(directives) });
}

/** A text cut, doubled or with a byte changed; most stay as they are. */
function damaged(draw: Draw, text: Buffer): Buffer {
  const how = draw.below(12);
  if (how === 0) return text.subarray(0, draw.below(text.length));
  if (how === 1) return Buffer.concat([text, text]);
  if (how === 2) return changed(draw, text);
  return text;
}

/** Protobuf with bytes changed, cut, put in or repeated. */
function mutated(draw: Draw, bytes: Buffer): Buffer {
  let result = bytes;
  for (let left = draw.below(4); left > 0; left--) {
    const place = draw.below(result.length);
    const how = draw.below(4);
    if (how === 0) result = result.subarray(0, place);
    else if (how === 1) result = changed(draw, result);
    else if (how === 2)
      result = Buffer.concat([
        result.subarray(0, place),
        Buffer.from([draw.below(256)]),
        result.subarray(place),
      ]);
    else result = Buffer.concat([result, result.subarray(place)]);
  }
  return result;
}

function changed(draw: Draw, bytes: Buffer): Buffer {
  if (!bytes.length) return bytes;
  const copy = Buffer.from(bytes);
  copy[draw.below(copy.length)] = draw.below(256);
  return copy;
}
