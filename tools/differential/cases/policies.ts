import { absent, type Places, type Subject } from '../grammar.ts';

const group = '/apis/admissionregistration.k8s.io/v1';

const configMaps = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
  ],
};

export const policy: Subject = {
  name: 'policy',
  collection: `${group}/validatingadmissionpolicies`,
  base: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'x' },
    spec: { matchConstraints: configMaps, validations: [{ expression: 'object.metadata.name != "x"' }] },
  },
};

const odd = {
  apiGroups: ['*', 'a'],
  apiVersions: ['', 'v1'],
  operations: ['*', 'CREATE', 'FOO'],
  resources: ['*', 'pods', 'pods/*', 'pods/status', '*/x', 'a/x', '*/*', ''],
  scope: 'Nope',
  resourceNames: ['a/b', 'c', 'c'],
};
const validations = (...expressions: string[]) => expressions.map((expression) => ({ expression }));
const selector = { matchExpressions: [{ key: 'a b', operator: 'In' }] };

export const policyPlaces: Places = {
  'metadata.name': ['A_b', absent],
  spec: [absent, {}, null],
  'spec.unknown': [1],
  'spec.failurePolicy': ['Fail', 'Ignore', 'Nope'],
  'spec.matchConstraints': [absent, {}],
  'spec.matchConstraints.matchPolicy': ['Exact', 'Nope'],
  'spec.matchConstraints.resourceRules': [[], [{}], [odd]],
  'spec.matchConstraints.excludeResourceRules': [[{}], [odd]],
  'spec.matchConstraints.namespaceSelector': [selector, { matchLabels: { a: 'b' } }],
  'spec.matchConstraints.objectSelector': [{ matchLabels: { a: 'b c' } }],
  'spec.paramKind': [
    {},
    { apiVersion: 'v1', kind: 'ConfigMap' },
    { apiVersion: 'a/b/c', kind: '' },
    { apiVersion: 'A_/V1', kind: 'Foo Bar' },
    { apiVersion: '', kind: 'X' },
    { apiVersion: 'a/', kind: 'X' },
  ],
  'spec.validations': [
    absent,
    [],
    [{}],
    ...[
      '1 + 1',
      'object.x',
      '[1]',
      "duration('1s')",
      ' ',
      'foo == 1',
      'variables.x == 1',
      'params.x == 1',
      'request.foo == 1',
      'namespaceObject.metadata.x == ""',
      'request.userInfo.groups.exists(g, g == 1)',
      "'a'.find('[') == ''",
      "authorizer.group('').resource('a').check('get').allowed()",
      "has(object.metadata.labels) && object.metadata.labels['a'] == oldObject.metadata.labels[?'b'].orValue('c')",
      "request.options == null && request.dryRun && request.userInfo.extra['a'][0] == 'b'",
      'object.',
      '"a',
      'a b',
    ].map((expression) => validations(expression)),
    [{ expression: 'true', message: 'a\nb' }],
    [{ expression: 'true', message: ' ' }],
    [{ expression: 'true', messageExpression: '1' }],
    [{ expression: 'true', messageExpression: ' ' }],
    [
      {
        expression: 'true',
        messageExpression: "authorizer.group('').resource('a').check('get').reason()",
      },
    ],
    [{ expression: 'true', message: 'a', messageExpression: '"b"', reason: 'Nope' }],
    [{ expression: 'true', reason: 'Forbidden' }],
  ],
  'spec.variables': [
    [{ name: 'a', expression: '1' }],
    [
      { name: 'a', expression: '1' },
      { name: 'b', expression: 'variables.a + "x"' },
    ],
    [
      { name: 'a', expression: '1' },
      { name: 'a', expression: '2' },
    ],
    [
      { name: 'c d', expression: 'variables.z' },
      { name: '', expression: ' ' },
    ],
    [{}],
  ],
  'spec.matchConditions': [
    [{ name: 'a', expression: 'request.name == "x"' }],
    [
      { name: 'a', expression: '1' },
      { name: 'a', expression: '' },
    ],
    [
      { name: '', expression: 'params.x' },
      { name: 'a b', expression: 'variables.x' },
    ],
    Array.from({ length: 65 }, (_, i) => ({ name: `a${i}`, expression: 'true' })),
  ],
  'spec.auditAnnotations': [
    [{ key: 'a', valueExpression: '1' }],
    [
      { key: 'a', valueExpression: ' ' },
      { key: 'a', valueExpression: 'null' },
    ],
    [
      { key: 'a b', valueExpression: '"x"' },
      { key: 'e', valueExpression: 'object.x' },
    ],
    [{}],
  ],
};

export const policyUpdates: Places = {
  'spec.validations': [validations('true'), validations('1'), absent],
  'spec.failurePolicy': ['Ignore'],
  'metadata.labels': [{ a: 'b' }],
};

export const policyStatuses = [
  { status: { observedGeneration: 1 } },
  { status: { typeChecking: { expressionWarnings: [{ fieldRef: 'spec.validations[0]', warning: 'w' }] } } },
  { status: { typeChecking: { expressionWarnings: [{}] } } },
  { status: { conditions: [{ type: 'A' }] } },
  { spec: { failurePolicy: 'Ignore' } },
];

export const binding: Subject = {
  name: 'binding',
  collection: `${group}/validatingadmissionpolicybindings`,
  base: {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'x' },
    spec: { policyName: 'nothing', validationActions: ['Deny'] },
  },
};

export const bindingPlaces: Places = {
  'metadata.name': ['A_b'],
  spec: [absent, {}],
  'spec.policyName': [absent, 'A_b', 'a.b'],
  'spec.validationActions': [absent, [], ['Warn', 'Audit'], ['Deny', 'Warn'], ['Audit', 'Audit'], ['Foo']],
  'spec.paramRef': [
    {},
    { name: 'a' },
    { name: 'a', parameterNotFoundAction: 'Deny' },
    { name: 'a', namespace: 'b', parameterNotFoundAction: 'Allow' },
    { name: 'a/b', selector: { matchLabels: { 'a b': 'c' } }, parameterNotFoundAction: 'Foo' },
    { selector: {}, parameterNotFoundAction: 'Allow' },
  ],
  'spec.matchResources': [{}, { resourceRules: [{}] }, { resourceRules: [odd] }, { matchPolicy: 'Exact' }],
};
