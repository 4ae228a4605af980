import { describe, expect, test } from '@jest/globals';
import { fromJson } from '../../cel/values/json.ts';
import { compileMutatingPolicy } from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { Mutation, Variable } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { patchMade } from './mutate.ts';
import { patchedBy } from './patch.ts';

/** The tables of Kubernetes 1.35 itself: policy/mutating/patch and policy/mutating/compilation_test.go. */
interface Case {
  name: string;
  mutations: Mutation[];
  variables?: Variable[];
  /** Of a Deployment. */
  object: object;
  old?: object;
  params?: object;
  becomes?: object;
  error?: string;
}

const schema = goSchema('Deployment');
const deployment = (object: object): AnyObject =>
  schema.decode({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, ...object });
const operations = (...expressions: string[]): Mutation[] =>
  expressions.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } }));
const configuration = (...expressions: string[]): Mutation[] =>
  expressions.map((expression) => ({
    patchType: 'ApplyConfiguration',
    applyConfiguration: { expression },
  }));

/** Returns what a policy makes of an object. */
function patched({ mutations, variables, object, old, params }: Case): AnyObject {
  const compiled = compileMutatingPolicy({
    metadata: {},
    spec: { mutations, ...(variables && { variables }), ...(params && { paramKind: {} }) },
  });
  let current = deployment(object);
  for (const index of compiled.mutations.keys()) {
    const values: Record<string, unknown> = { object: current, oldObject: old ?? null, params };
    current = patchedBy(
      patchMade(compiled, index, (name) => fromJson(values[name])),
      current,
      schema,
    );
  }
  return current;
}

function check(one: Case): void {
  if (one.error !== undefined) expect(() => patched(one)).toThrow(one.error);
  else expect(patched(one)).toEqual(deployment(one.becomes ?? one.object));
}

const replicas = (count: number) => ({ spec: { replicas: count } });
const labelled = (labels: object) => ({ metadata: { labels } });
const containers = (...names: string[]) => ({
  spec: { template: { spec: { containers: names.map((name) => ({ name })) } } },
});
const volumes = (...all: object[]) => ({ spec: { template: { spec: { volumes: all } } } });
const env = (...all: [string, string][]) => ({
  spec: {
    replicas: 1,
    template: {
      spec: { containers: [{ name: 'nginx', env: all.map(([name, value]) => ({ name, value })) }] },
    },
  },
});
const list = '/spec/template/spec/containers';
const inVolumes = (inner: string) =>
  `Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{volumes: [Object.spec.template.spec.volumes{${inner}}]}}}}`;
const costly = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const nested =
  'variables.list.all(x1, variables.list.all(x2, variables.list.all(x3, variables.list.all(x4, variables.list.all(x5, variables.list.all(x5, "0123456789" == "0123456789"))))))? 1 : 0';

describe('JSON patches', () => {
  test.each<Case>([
    {
      name: 'a test that fails takes the patch back',
      mutations: operations(
        '[JSONPatch{op: "test", path: "/spec/replicas", value: 100}, JSONPatch{op: "replace", path: "/spec/replicas", value: 3}]',
      ),
      object: replicas(1),
      becomes: replicas(1),
    },
    {
      name: 'a test that holds lets it go on',
      mutations: operations(
        '[JSONPatch{op: "test", path: "/spec/replicas", value: 1}, JSONPatch{op: "replace", path: "/spec/replicas", value: 3}]',
      ),
      object: replicas(1),
      becomes: replicas(3),
    },
    {
      name: 'remove a field',
      mutations: operations('[JSONPatch{op: "remove", path: "/spec/replicas"}]'),
      object: replicas(1),
      becomes: { spec: {} },
    },
    {
      name: 'remove an entry of a map',
      mutations: operations('[JSONPatch{op: "remove", path: "/metadata/labels/y"}]'),
      object: labelled({ x: '1', y: '1' }),
      becomes: labelled({ x: '1' }),
    },
    {
      name: 'remove an item of a list',
      mutations: operations(`[JSONPatch{op: "remove", path: "${list}/1"}]`),
      object: containers('a', 'b', 'c'),
      becomes: containers('a', 'c'),
    },
    {
      name: 'copy an entry of a map',
      mutations: operations(
        '[JSONPatch{op: "copy", from: "/metadata/labels/x", path: "/metadata/labels/y"}]',
      ),
      object: labelled({ x: '1' }),
      becomes: labelled({ x: '1', y: '1' }),
    },
    {
      name: 'copy the first item to the end',
      mutations: operations(`[JSONPatch{op: "copy", from: "${list}/0", path: "${list}/-"}]`),
      object: containers('a', 'b', 'c'),
      becomes: containers('a', 'b', 'c', 'a'),
    },
    {
      name: 'move an entry of a map',
      mutations: operations(
        '[JSONPatch{op: "move", from: "/metadata/labels/x", path: "/metadata/labels/y"}]',
      ),
      object: labelled({ x: '1' }),
      becomes: labelled({ y: '1' }),
    },
    {
      name: 'move the first item to the end',
      mutations: operations(`[JSONPatch{op: "move", from: "${list}/0", path: "${list}/-"}]`),
      object: containers('a', 'b', 'c'),
      becomes: containers('b', 'c', 'a'),
    },
    {
      name: 'add an entry of a map',
      mutations: operations('[JSONPatch{op: "add", path: "/metadata/labels/x", value: "2"}]'),
      object: labelled({ y: '1' }),
      becomes: labelled({ y: '1', x: '2' }),
    },
    {
      name: 'add a map',
      mutations: operations('[JSONPatch{op: "add", path: "/metadata/labels", value: {"y": "2"}}]'),
      object: {},
      becomes: labelled({ y: '2' }),
    },
    {
      name: 'add a map in place of another',
      mutations: operations('[JSONPatch{op: "add", path: "/metadata/labels", value: {"y": "2"}}]'),
      object: labelled({ x: '1' }),
      becomes: labelled({ y: '2' }),
    },
    {
      name: 'add to the start of a list',
      mutations: operations(`[JSONPatch{op: "add", path: "${list}/0", value: {"name": "x"}}]`),
      object: containers('a'),
      becomes: containers('x', 'a'),
    },
    {
      name: 'add to the end of a list',
      mutations: operations(`[JSONPatch{op: "add", path: "${list}/-", value: {"name": "x"}}]`),
      object: containers('a'),
      becomes: containers('a', 'x'),
    },
    {
      name: 'replace an entry that is not there',
      mutations: operations('[JSONPatch{op: "replace", path: "/metadata/labels/x", value: "2"}]'),
      object: labelled({ y: '1' }),
      becomes: labelled({ y: '1', x: '2' }),
    },
    {
      name: 'replace a map that is not there',
      mutations: operations('[JSONPatch{op: "replace", path: "/metadata/labels", value: {"y": "2"}}]'),
      object: {},
      becomes: labelled({ y: '2' }),
    },
    {
      name: 'replace a map',
      mutations: operations('[JSONPatch{op: "replace", path: "/metadata/labels", value: {"y": "2"}}]'),
      object: labelled({ x: '1' }),
      becomes: labelled({ y: '2' }),
    },
    {
      name: 'replace an item',
      mutations: operations(`[JSONPatch{op: "replace", path: "${list}/0", value: {"name": "x"}}]`),
      object: containers('a'),
      becomes: containers('x'),
    },
    {
      name: 'a value of object types',
      mutations: operations(
        '[JSONPatch{op: "add", path: "/spec", value: Object.spec{selector: Object.spec.selector{}, replicas: 10}}]',
      ),
      object: { spec: {} },
      becomes: { spec: { selector: {}, replicas: 10 } },
    },
    {
      name: 'fields of an operation can be read',
      mutations: operations(
        '[JSONPatch{op: "add", path: "/metadata/labels", value: {"op": JSONPatch{op: "opValue"}.op, "path": JSONPatch{path: "pathValue"}.path, "from": JSONPatch{from: "fromValue"}.from, "value": string(JSONPatch{value: "valueValue"}.value)}}]',
      ),
      object: labelled({}),
      becomes: labelled({ op: 'opValue', path: 'pathValue', from: 'fromValue', value: 'valueValue' }),
    },
    {
      name: 'fields of an operation can be asked for',
      mutations: operations(
        `[JSONPatch{op: "add", path: "/metadata/labels", value: {${['op', 'path', 'from', 'value']
          .map(
            (name) =>
              `"${name}": string(has(JSONPatch{${name}: "x"}.${name})), "${name}-unset": string(has(JSONPatch{}.${name}))`,
          )
          .join(', ')}}}]`,
      ),
      object: labelled({}),
      becomes: labelled({
        op: 'true',
        'op-unset': 'false',
        path: 'true',
        'path-unset': 'false',
        from: 'true',
        'from-unset': 'false',
        value: 'true',
        'value-unset': 'false',
      }),
    },
    {
      name: 'operations are equal when all their fields are',
      mutations: operations(
        '[JSONPatch{op: "add", path: "/metadata/labels", value: {"empty": string(JSONPatch{} == JSONPatch{}), "partial": string(JSONPatch{op: "add"} == JSONPatch{op: "add"}), "all": string(JSONPatch{op: "add", path: "path", from: "from", value: 1} == JSONPatch{op: "add", path: "path", from: "from", value: 1}), "op": string(JSONPatch{op: "add"} == JSONPatch{op: "remove"}), "path": string(JSONPatch{op: "add", path: "x", from: "from", value: 1} == JSONPatch{op: "add", path: "path", from: "from", value: 1}), "from": string(JSONPatch{op: "add", path: "path", from: "x", value: 1} == JSONPatch{op: "add", path: "path", from: "from", value: 1}), "value": string(JSONPatch{op: "add", path: "path", from: "from", value: "1"} == JSONPatch{op: "add", path: "path", from: "from", value: 1})}}]',
      ),
      object: labelled({}),
      becomes: labelled({
        empty: 'true',
        partial: 'true',
        all: 'true',
        op: 'false',
        path: 'false',
        from: 'false',
        value: 'false',
      }),
    },
    {
      name: 'keys are escaped',
      mutations: operations(
        '[JSONPatch{op: "add", path: "/metadata/labels", value: {}}, JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("k8s.io/x~y"), value: "true"}]',
      ),
      object: labelled({}),
      becomes: labelled({ 'k8s.io/x~y': 'true' }),
    },
    {
      name: 'object types within lists',
      mutations: operations(
        `[JSONPatch{op: "add", path: "${list}/-", value: Object.spec.template.spec.containers{name: "x", ports: [Object.spec.template.spec.containers.ports{containerPort: 8080}]}}]`,
      ),
      object: containers('a'),
      becomes: {
        spec: {
          template: {
            spec: { containers: [{ name: 'a' }, { name: 'x', ports: [{ containerPort: 8080 }] }] },
          },
        },
      },
    },
    {
      name: 'an unknown field',
      mutations: operations(
        `[JSONPatch{op: "add", path: "${list}/-", value: Object.spec.template.spec.containers{name: "x", ports: [Object.spec.template.spec.containers.ports{containerPortZ: 8080}]}}]`,
      ),
      object: containers('a'),
      error:
        'strict decoding error: unknown field "spec.template.spec.containers[1].ports[0].containerPortZ"',
    },
    {
      name: 'a type of another place',
      mutations: operations(
        `[JSONPatch{op: "add", path: "${list}/-", value: Object.spec.template.spec.containers{name: "x", ports: [Object.spec.template.spec.containers.portsZ{containerPort: 8080}]}}]`,
      ),
      object: containers('a'),
      error:
        'type mismatch: unexpected type name "Object.spec.template.spec.containers.portsZ", expected "Object.spec.template.spec.containers.ports", which matches field name path from root Object type',
    },
    {
      name: 'replace behind the end of a list',
      mutations: operations(`[JSONPatch{op: "replace", path: "${list}/-", value: {"name": "x"}}]`),
      object: containers('a'),
      error: `JSON Patch: replace operation does not apply: doc is missing key: ${list}/-: missing value`,
    },
    {
      name: 'a variable',
      mutations: operations(
        '[JSONPatch{op: "replace", path: "/spec/replicas", value: variables.desired + 1}]',
      ),
      variables: [{ name: 'desired', expression: '10' }],
      object: replicas(1),
      becomes: replicas(11),
    },
    {
      name: 'more than it may cost',
      mutations: operations(`[JSONPatch{op: "replace", path: "/spec/replicas", value: ${nested}}]`),
      variables: [{ name: 'list', expression: JSON.stringify(costly) }],
      object: replicas(1),
      error: 'operation cancelled: actual cost limit exceeded',
    },
    {
      name: 'fields of an object can be read, asked for and compared',
      mutations: operations(
        '[JSONPatch{op: "add", path: "/metadata/labels", value: {"value": string(Object{field: "fieldValue"}.field), "has": string(has(Object{field: "x"}.field)), "unset": string(has(Object{}.field)), "empty": string(Object{} == Object{}), "same": string(Object{field: "x"} == Object{field: "x"}), "different": string(Object{field: "x"} == Object{field: "y"})}}]',
      ),
      object: labelled({}),
      becomes: labelled({
        value: 'fieldValue',
        has: 'true',
        unset: 'false',
        empty: 'true',
        same: 'true',
        different: 'false',
      }),
    },
    {
      name: 'the root of an object type is not checked',
      mutations: operations('[JSONPatch{op: "add", path: "/spec", value: Object.invalid{replicas: 1}}]'),
      object: labelled({}),
      becomes: { ...labelled({}), ...replicas(1) },
    },
  ])('$name', check);
});

describe('apply configurations', () => {
  test.each<Case>([
    {
      name: 'add to a list by key',
      mutations: configuration(inVolumes('name: "y"')),
      object: volumes({ name: 'x' }),
      becomes: volumes({ name: 'x' }, { name: 'y' }),
    },
    {
      name: 'change an item of a list by key',
      mutations: configuration(
        inVolumes('name: "y", hostPath: Object.spec.template.spec.volumes.hostPath{path: "a"}'),
      ),
      object: volumes({ name: 'x' }, { name: 'y' }),
      becomes: volumes({ name: 'x' }, { name: 'y', hostPath: { path: 'a' } }),
    },
    {
      name: 'conditionals',
      mutations: configuration(
        'Object{spec: Object.spec{replicas: object.spec.replicas % 2 == 0?object.spec.replicas + 1:object.spec.replicas}}',
      ),
      object: replicas(2),
      becomes: replicas(3),
    },
    {
      name: 'the old object',
      mutations: configuration(
        'Object{spec: Object.spec{replicas: oldObject.spec.replicas % 2 == 0?oldObject.spec.replicas + 1:oldObject.spec.replicas}}',
      ),
      object: replicas(1),
      old: replicas(2),
      becomes: replicas(3),
    },
    {
      name: 'a whole template',
      mutations: configuration(
        'Object{spec: Object.spec{replicas: 1, template: Object.spec.template{metadata: Object.spec.template.metadata{labels: {"app": "nginx"}}, spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "nginx", image: "nginx:1.14.2", ports: [Object.spec.template.spec.containers.ports{containerPort: 80}], resources: Object.spec.template.spec.containers.resources{limits: {"cpu": "128M"}}}]}}}}',
      ),
      object: { spec: {} },
      becomes: {
        spec: {
          replicas: 1,
          template: {
            metadata: { labels: { app: 'nginx' } },
            spec: {
              containers: [
                {
                  name: 'nginx',
                  image: 'nginx:1.14.2',
                  ports: [{ containerPort: 80 }],
                  resources: { limits: { cpu: '128M' } },
                },
              ],
            },
          },
        },
      },
    },
    {
      name: 'what is atomic',
      mutations: configuration(
        'Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {"l": "v"}}}}',
      ),
      object: replicas(1),
      error:
        'error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.selector',
    },
    {
      name: 'a type of another place',
      mutations: configuration('Object{spec: Object.specx{replicas: 1}}'),
      object: replicas(1),
      error:
        'type mismatch: unexpected type name "Object.specx", expected "Object.spec", which matches field name path from root Object type',
    },
    {
      name: 'an unknown field',
      mutations: configuration('Object{spec: Object.spec{replicasx: 1}}'),
      object: replicas(1),
      error:
        'error applying patch: failed to convert patch object to typed object: .spec.replicasx: field not declared in schema',
    },
    {
      name: 'no object',
      mutations: configuration('"I\'m a teapot!"'),
      object: replicas(1),
      error: 'must evaluate to Object but got string',
    },
    {
      name: 'a part of an object',
      mutations: configuration('Object.spec.metadata{}'),
      object: replicas(1),
      error: 'must evaluate to Object but got Object.spec.metadata',
    },
    {
      name: 'leave duplicates in a list alone',
      mutations: configuration('Object{spec: Object.spec{replicas: 3}}'),
      object: env(['test', 'a'], ['test', 'b']),
      becomes: { spec: { ...env(['test', 'a'], ['test', 'b']).spec, replicas: 3 } },
    },
    {
      name: 'make one of duplicates that they change',
      mutations: configuration(
        'Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: "nginx", env: [Object.spec.template.spec.containers.env{name: "test", value: "c"}]}]}}}}',
      ),
      object: env(['test', 'a'], ['test', 'b'], ['foo', 'bar']),
      becomes: env(['test', 'c'], ['foo', 'bar']),
    },
    {
      name: 'a variable',
      mutations: configuration('Object{spec: Object.spec{replicas: variables.desired + 1}}'),
      variables: [{ name: 'desired', expression: '10' }],
      object: replicas(1),
      becomes: replicas(11),
    },
    {
      name: 'parameters',
      mutations: configuration("Object{spec: Object.spec{replicas: int(params.data['k1'])}}"),
      params: { data: { k1: '100' } },
      object: replicas(1),
      becomes: replicas(100),
    },
    {
      name: 'more than they may cost',
      mutations: configuration(`Object{spec: Object.spec{replicas: ${nested}}}`),
      variables: [{ name: 'list', expression: JSON.stringify(costly) }],
      object: replicas(1),
      error: 'operation cancelled: actual cost limit exceeded',
    },
    {
      name: 'optional fields',
      mutations: configuration(
        'Object{?metadata: optional.ofNonZeroValue(Object.metadata{?labels: Object{}.?labels}), spec: Object.spec{?replicas: optional.of(4)}}',
      ),
      object: replicas(1),
      becomes: replicas(4),
    },
    {
      name: 'one item twice',
      mutations: configuration(inVolumes('name: "y"}, Object.spec.template.spec.volumes{name: "y"')),
      object: volumes({ name: 'x' }),
      error:
        'error applying patch: failed to convert patch object to typed object: .spec.template.spec.volumes: duplicate entries for key [name="y"]',
    },
  ])('$name', check);
});

test.each([
  {
    name: 'a configuration, then operations',
    mutations: [
      ...configuration('Object{spec: Object.spec{replicas: object.spec.replicas + 100}}'),
      ...operations('[JSONPatch{op: "replace", path: "/spec/replicas", value: object.spec.replicas + 10}]'),
    ],
  },
  {
    name: 'operations, then a configuration',
    mutations: [
      ...operations('[JSONPatch{op: "replace", path: "/spec/replicas", value: object.spec.replicas + 10}]'),
      ...configuration('Object{spec: Object.spec{replicas: object.spec.replicas + 100}}'),
    ],
  },
])('each mutation sees what the one before made: $name', ({ name, mutations }) =>
  check({ name, mutations, object: replicas(1), becomes: replicas(111) }),
);
