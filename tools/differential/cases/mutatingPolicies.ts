import type { Case, Request } from '../case.ts';
import { absent, type Places, type Subject } from '../grammar.ts';

const version = 'admissionregistration.k8s.io/v1beta1';
const group = `/apis/${version}`;
const maps = '/api/v1/namespaces/default/configmaps';
const configMaps = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
  ],
};
type Spec = Record<string, unknown>;

const applied = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
const patched = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

export const policy: Subject = {
  name: 'mutating policy',
  collection: `${group}/mutatingadmissionpolicies`,
  base: {
    apiVersion: version,
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'x' },
    spec: {
      matchConstraints: configMaps,
      reinvocationPolicy: 'Never',
      mutations: [applied('Object{data: {"a": "b"}}')],
    },
  },
};
export const olderPolicy: Subject = {
  ...policy,
  name: 'mutating policy of v1alpha1',
  collection: policy.collection.replace('v1beta1', 'v1alpha1'),
  base: { ...policy.base, apiVersion: version.replace('v1beta1', 'v1alpha1') },
};

const rule = (operations: string[]) => ({
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources: ['configmaps'] }],
});
const expressions = [
  'Object{}',
  'Object.spec{}',
  '{}',
  '"x"',
  'object',
  'true ? Object{} : Object{a: 1}',
  'Object{data: Object.wrong{}}',
  'Nothing{}',
  'Object{a: Nothing{}}',
  'JSONPatch{}',
  '',
  ' ',
  'Object{',
  'variables.x',
  'Object{data: params.data}',
  'dyn(Object{})',
  'optional.of(Object{})',
  'Object{data: {"k": jsonpatch.escapeKey("a/b")}}',
  '[Object{}][0]',
  'Object{?data: object.?data}',
];
const operations = [
  '[]',
  '[JSONPatch{}]',
  '[JSONPatch{op: "add", path: "/data/a", value: 1}]',
  'JSONPatch{op: "add"}',
  '[1]',
  '[JSONPatch{op: 1}]',
  '[JSONPatch{path: 1}]',
  '[JSONPatch{from: 1}]',
  '[JSONPatch{op: dyn(1)}]',
  '[JSONPatch{op: "add"}, Object{}]',
  '[JSONPatch{value: Object.spec{x: [Object.spec.x{}]}}]',
  '[JSONPatch{op: "add", path: "/" + jsonpatch.escapeKey("a~b")}]',
  '["a"].map(x, JSONPatch{op: "remove", path: "/data/" + x})',
  '[JSONPatch{op: "add", path: "/x", value: {"a": 1, "b": "c"}}]',
  'dyn([JSONPatch{}])',
];

export const policyPlaces: Places = {
  'metadata.name': ['A_b'],
  spec: [absent, {}],
  'spec.unknown': [1],
  'spec.failurePolicy': ['Fail', 'Ignore', 'Nope'],
  'spec.reinvocationPolicy': [absent, 'IfNeeded', 'Nope', ''],
  'spec.matchConstraints': [
    absent,
    {},
    rule(['DELETE']),
    rule(['*']),
    rule(['CONNECT', 'DELETE', 'FOO']),
    rule([]),
  ],
  'spec.paramKind': [{}, { apiVersion: 'v1', kind: 'ConfigMap' }],
  'spec.variables': [
    [{ name: 'x', expression: '1' }],
    [{ name: 'x', expression: 'Object{}' }],
    [{ name: '', expression: '' }],
  ],
  'spec.matchConditions': [
    [{ name: 'a', expression: 'true' }],
    [{ name: 'a', expression: 'Object{}' }],
    [{}],
  ],
  'spec.mutations': [
    absent,
    [],
    [{}],
    [{ patchType: 'Nope' }],
    [{ patchType: 'JSONPatch' }],
    [{ patchType: 'ApplyConfiguration' }],
    [{ ...applied('Object{}'), jsonPatch: { expression: '[]' } }],
    [{ ...patched('[]'), applyConfiguration: { expression: 'Object{}' } }],
    [applied('Object{}'), patched('[]'), applied('1')],
    ...expressions.map((expression) => [applied(expression)]),
    ...operations.map((expression) => [patched(expression)]),
  ],
};

export const binding: Subject = {
  name: 'mutating binding',
  collection: `${group}/mutatingadmissionpolicybindings`,
  base: {
    apiVersion: version,
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: 'x' },
    spec: { policyName: 'none' },
  },
};
export const bindingPlaces: Places = {
  spec: [absent, {}],
  'spec.policyName': ['', 'A_b'],
  'spec.paramRef': [
    {},
    { name: 'a', parameterNotFoundAction: 'Deny' },
    { name: 'a' },
    { name: 'a', selector: {}, parameterNotFoundAction: 'Nope' },
  ],
  'spec.matchResources': [{}, rule(['DELETE']), rule(['UPDATE'])],
};

/** Policies with a binding each, then what they are about. */
const bound = (...specs: Spec[]): Request[] => [
  ...specs.map((spec, i) => ({
    line: `POST ${group}/mutatingadmissionpolicies`,
    body: {
      metadata: { name: `changes${i}` },
      spec: { matchConstraints: configMaps, reinvocationPolicy: 'Never', ...spec, binding: undefined },
    },
  })),
  ...specs.map(({ binding: more = {} }, i) => ({
    line: `POST ${group}/mutatingadmissionpolicybindings`,
    body: { metadata: { name: `binding${i}` }, spec: { policyName: `changes${i}`, ...(more as Spec) } },
  })),
];
const map = (data?: Record<string, string>, name = 'y'): Request => ({
  line: `POST ${maps}`,
  body: { metadata: { name }, ...(data && { data }) },
});
const deploymentRules = {
  resourceRules: [
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
  ],
};
const deploy: Request = {
  line: 'POST /apis/apps/v1/namespaces/default/deployments',
  body: {
    metadata: { name: 'd' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: { containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: '1' }] }] },
      },
    },
  },
};
const within = (inner: string) =>
  `Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{${inner}}}}}`;
const onDeployment = (name: string, ...mutations: object[]): Case => ({
  name: `a Deployment: ${name}`,
  before: bound({ matchConstraints: deploymentRules, mutations }),
  request: deploy,
});
const onMap = (name: string, specs: Spec[], request: Request = map({ a: '1' })): Case => ({
  name: `a ConfigMap: ${name}`,
  before: bound(...specs),
  request,
});
const one = (...mutations: object[]): Spec[] => [{ mutations }];
const count = (key: string) =>
  applied(`Object{data: {"${key}": string(int(object.?data["${key}"].orValue("0")) + 1)}}`);

export const decisions: Case[] = [
  onMap('a configuration', one(applied('Object{data: {"b": "2"}}'))),
  onMap('a configuration without data there', one(applied('Object{data: {"b": "2"}}')), map()),
  onMap('operations', one(patched('[JSONPatch{op: "add", path: "/data/b", value: "2"}]'))),
  onMap(
    'both',
    one(
      applied('Object{data: {"b": object.data.a}}'),
      patched('[JSONPatch{op: "move", from: "/data/b", path: "/data/c"}]'),
    ),
  ),
  onMap(
    'a failing test',
    one(
      patched(
        '[JSONPatch{op: "test", path: "/data/a", value: "2"}, JSONPatch{op: "remove", path: "/data/a"}]',
      ),
    ),
  ),
  onMap('nowhere to remove', one(patched('[JSONPatch{op: "remove", path: "/data/zz"}]'))),
  onMap('nowhere to add', one(patched('[JSONPatch{op: "add", path: "/zz/a", value: "2"}]'))),
  onMap('no operation', one(patched('[JSONPatch{op: "invalid", path: "/data/a"}]'))),
  onMap('no path', one(patched('[JSONPatch{op: "remove"}]'))),
  onMap('an unknown field', one(patched('[JSONPatch{op: "add", path: "/zz", value: "2"}]'))),
  onMap('an unknown field, ignored', [
    { mutations: [patched('[JSONPatch{op: "add", path: "/zz", value: "2"}]')], failurePolicy: 'Ignore' },
  ]),
  onMap('a wrong value', one(patched('[JSONPatch{op: "add", path: "/data/b", value: 2}]'))),
  onMap('an operation of another type', one(patched('[JSONPatch{op: dyn(1), path: "/data/b"}]'))),
  onMap('an unknown field of a configuration', one(applied('Object{dataz: {"b": "2"}}'))),
  onMap('a name of another place', one(applied('Object{metadata: Object.meta{labels: {"a": "b"}}}'))),
  onMap('an error', one(applied('Object{data: {"b": object.data.zz}}'))),
  onMap('an error, ignored', [
    { mutations: [applied('Object{data: {"b": object.data.zz}}')], failurePolicy: 'Ignore' },
  ]),
  onMap(
    'two errors',
    one(applied('Object{data: {"b": object.data.zz}}'), applied('Object{data: {"c": object.data.yy}}')),
  ),
  onMap(
    'an error, then a change',
    one(applied('Object{data: {"b": object.data.zz}}'), applied('Object{data: {"c": "3"}}')),
  ),
  onMap(
    'metadata',
    one(
      applied(
        'Object{metadata: Object.metadata{labels: {"l": request.operation}, annotations: {"who": request.userInfo.username}}}',
      ),
    ),
  ),
  onMap('the name', one(applied('Object{metadata: Object.metadata{name: "other"}}'))),
  onMap(
    'the namespace',
    one(patched('[JSONPatch{op: "replace", path: "/metadata/namespace", value: "kube-system"}]')),
  ),
  onMap('the namespace of a request', one(applied('Object{data: {"ns": namespaceObject.metadata.name}}'))),
  onMap('two policies', [{ mutations: [count('n')] }, { mutations: [count('n')] }]),
  onMap('a policy that is applied again', [{ mutations: [count('n')], reinvocationPolicy: 'IfNeeded' }]),
  onMap('two, the first again', [
    { mutations: [count('n')], reinvocationPolicy: 'IfNeeded' },
    { mutations: [count('m')] },
  ]),
  onMap('two, the second again', [
    { mutations: [count('n')] },
    { mutations: [count('m')], reinvocationPolicy: 'IfNeeded' },
  ]),
  onMap('a condition that holds', [
    { mutations: [count('n')], matchConditions: [{ name: 'c', expression: 'object.data.a == "1"' }] },
  ]),
  onMap('a condition that does not', [
    { mutations: [count('n')], matchConditions: [{ name: 'c', expression: 'object.data.a == "2"' }] },
  ]),
  onMap('a condition that fails', [
    { mutations: [count('n')], matchConditions: [{ name: 'c', expression: 'object.data.zz == "2"' }] },
  ]),
  onMap('a condition that fails, ignored', [
    {
      mutations: [count('n')],
      failurePolicy: 'Ignore',
      matchConditions: [{ name: 'c', expression: 'object.data.zz == "2"' }],
    },
  ]),
  onMap('variables', [
    {
      mutations: [applied('Object{data: {"v": variables.v}}')],
      variables: [
        { name: 'u', expression: 'object.data.a' },
        { name: 'v', expression: 'variables.u + "!"' },
      ],
    },
  ]),
  onMap('a variable that fails', [
    {
      mutations: [applied('Object{data: {"v": variables.v}}')],
      variables: [{ name: 'v', expression: 'object.data.zz' }],
    },
  ]),
  onMap('parameters that are missing', [
    {
      mutations: [applied('Object{data: params.data}')],
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      binding: { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } },
    },
  ]),
  onMap('parameters that may be missing', [
    {
      mutations: [applied('Object{data: params.data}')],
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      binding: { paramRef: { name: 'none', parameterNotFoundAction: 'Allow' } },
    },
  ]),
  onMap('a kind of parameters that there is not', [
    {
      mutations: [applied('Object{data: params.data}')],
      paramKind: { apiVersion: 'no.example.com/v1', kind: 'Nothing' },
    },
  ]),
  onMap('a dry run', one(count('n')), { ...map({ a: '1' }), line: `POST ${maps}?dryRun=All` }),
  onMap('a generated name', one(applied('Object{data: {"b": object.data.zz}}')), {
    line: `POST ${maps}`,
    body: { metadata: { generateName: 'y-' }, data: {} },
  }),
  onDeployment('replicas', applied('Object{spec: Object.spec{replicas: 3}}')),
  onDeployment('replicas of another type', applied('Object{spec: Object.spec{replicas: "3"}}')),
  onDeployment(
    'a selector',
    applied('Object{spec: Object.spec{selector: Object.spec.selector{matchLabels: {"l": "v"}}}}'),
  ),
  onDeployment(
    'a container',
    applied(within('containers: [Object.spec.template.spec.containers{name: "c", image: "j"}]')),
  ),
  onDeployment(
    'another container',
    applied(within('containers: [Object.spec.template.spec.containers{name: "d", image: "j"}]')),
  ),
  onDeployment(
    'a container twice',
    applied(
      within(
        'containers: [Object.spec.template.spec.containers{name: "d"}, Object.spec.template.spec.containers{name: "d"}]',
      ),
    ),
  ),
  onDeployment(
    'a container without a name',
    applied(within('containers: [Object.spec.template.spec.containers{image: "j"}]')),
  ),
  onDeployment(
    'a command',
    applied(within('containers: [Object.spec.template.spec.containers{name: "c", command: ["a"]}]')),
  ),
  onDeployment(
    'variables of a container',
    applied(
      within(
        'containers: [Object.spec.template.spec.containers{name: "c", env: [Object.spec.template.spec.containers.env{name: "B", value: "2"}]}]',
      ),
    ),
  ),
  onDeployment(
    'a limit',
    applied(
      within(
        'containers: [Object.spec.template.spec.containers{name: "c", resources: Object.spec.template.spec.containers.resources{limits: {"cpu": "100m"}}}]',
      ),
    ),
  ),
  onDeployment('a node selector', applied(within('nodeSelector: {"a": "b"}'))),
  onDeployment(
    'tolerations',
    applied(within('tolerations: [Object.spec.template.spec.tolerations{key: "a"}]')),
  ),
  onDeployment(
    'tolerations by an operation',
    patched(
      '[JSONPatch{op: "add", path: "/spec/template/spec/tolerations", value: [{"key": "a", "operator": "Exists"}]}]',
    ),
  ),
  onDeployment(
    'a sidecar by an operation',
    patched(
      '[JSONPatch{op: "add", path: "/spec/template/spec/containers/-", value: Object.spec.template.spec.containers{name: "s", image: "j", ports: [Object.spec.template.spec.containers.ports{containerPort: 80}]}}]',
    ),
  ),
  // A list of objects in an operation makes a real server panic.
  onDeployment('what validation refuses', applied('Object{spec: Object.spec{replicas: -1}}')),
];
