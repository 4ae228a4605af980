import type { Case, Request } from '../case.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const configMaps = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
  ],
};
const deployments = (operation: string, resource: string) => ({
  resourceRules: [
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: [operation], resources: [resource] },
  ],
});

type Spec = Record<string, unknown>;

/** A policy and its bindings, then what they are about. */
const bound = (spec: Spec, bindings: Spec[] = [{}]): Request[] => [
  {
    line: `POST ${group}/validatingadmissionpolicies`,
    body: { metadata: { name: 'decides' }, spec: { matchConstraints: configMaps, ...spec } },
  },
  ...bindings.map((binding, i) => ({
    line: `POST ${group}/validatingadmissionpolicybindings`,
    body: {
      metadata: { name: `binding${i}` },
      spec: { policyName: 'decides', validationActions: ['Deny'], ...binding },
    },
  })),
];

const map = (name: string, data: Record<string, string> = {}, labels = {}): Request => ({
  line: `POST ${maps}`,
  body: { metadata: { name, labels }, data },
});
const check = (expression: string, more: Spec = {}): Spec => ({ validations: [{ expression, ...more }] });

/**
 * A real server does not see parameters any more once no bound policy had their kind: this one stays while it is asked,
 * and matches nothing.
 */
export const parametersKept: Request[] = [
  {
    line: `POST ${group}/validatingadmissionpolicies`,
    body: {
      metadata: { name: 'keeps-parameters' },
      spec: {
        matchConstraints: { ...configMaps, objectSelector: { matchLabels: { no: 'object' } } },
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        ...check('true'),
      },
    },
  },
  {
    line: `POST ${group}/validatingadmissionpolicybindings`,
    body: {
      metadata: { name: 'keeps-parameters' },
      spec: { policyName: 'keeps-parameters', validationActions: ['Deny'] },
    },
  },
];

/** What one policy says of several requests. */
const cases = (about: string, before: Request[], requests: Request[]): Case[] =>
  requests.map((request, i) => ({ name: `${about} ${i}`, before, request }));

const params = { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } };
const limits = { name: 'limits', parameterNotFoundAction: 'Deny' };
const limited = check("params != null && size(object.data.a) <= int(params.data['max'])", {
  messageExpression: "'at most ' + params.data['max']",
});
const deployment = {
  metadata: { name: 'd' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
};
const deploy: Request = { line: 'POST /apis/apps/v1/namespaces/default/deployments', body: deployment };
const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, 'v']));

export const decisions: Case[] = [
  ...cases(
    'expressions',
    bound({
      validations: [
        { expression: "object.data.a != 'x'", message: 'no x' },
        { expression: 'has(object.data.b)' },
      ],
    }),
    [
      map('y', { a: 'x' }),
      map('y', { a: 'y' }),
      map('y', { a: 'y', b: '1' }),
      map('y'),
      { line: `POST ${maps}?dryRun=All`, body: { metadata: { name: 'y' }, data: { a: 'x' } } },
      { line: `POST ${maps}`, body: { metadata: { generateName: 'y-' }, data: { a: 'x' } } },
    ],
  ),
  ...cases(
    'reasons',
    bound({
      validations: [
        {
          expression: "object.data.a != 'x'",
          reason: 'Forbidden',
          messageExpression: "'got ' + object.data.a",
        },
        { expression: "object.data.a != 'y'", reason: 'RequestEntityTooLarge' },
        {
          expression: "object.data.a != 'z'",
          messageExpression: "'a\\nb'",
          message: 'm',
        },
        { expression: "object.data.a != 'w'", messageExpression: "''" },
        { expression: "object.data.a != 'v'", messageExpression: 'string(object.data.zz)', message: 'm' },
      ],
    }),
    ['x', 'y', 'z', 'w', 'v'].map((a) => map('y', { a })),
  ),
  ...cases(
    'warnings',
    bound(check('false', { message: 'careful "x"' }), [{ validationActions: ['Warn', 'Audit'] }]),
    [map('y')],
  ),
  ...cases('ignored errors', bound({ ...check("object.data.zz == 'x'"), failurePolicy: 'Ignore' }), [
    map('y', { a: 'x' }),
    map('y', { zz: 'y' }),
  ]),
  ...cases(
    'variables',
    bound({
      variables: [
        { name: 'a', expression: 'size(object.data)' },
        { name: 'bad', expression: '1 / (size(object.data) - 2)' },
      ],
      validations: [
        { expression: 'variables.a == 2', messageExpression: "'a is ' + string(variables.a)" },
        { expression: 'variables.bad > 0' },
      ],
    }),
    [map('y', { a: 'x' }), map('y', { a: 'x', b: 'y' })],
  ),
  ...cases(
    'match conditions',
    bound({
      ...check('false'),
      matchConditions: [
        { name: 'm', expression: "object.metadata.name.startsWith('x')" },
        { name: 'e', expression: "object.data.q == 'z'" },
      ],
    }),
    [map('a'), map('xa', { a: 'x' }), map('xb', { q: 'z' })],
  ),
  ...cases('missing parameters', bound({ ...limited, ...params }, [{ paramRef: limits }]), [
    map('y', { a: 'x' }),
  ]),
  ...cases(
    'missing parameters allowed',
    bound({ ...check('params == null'), ...params }, [
      { paramRef: { ...limits, parameterNotFoundAction: 'Allow' } },
    ]),
    [map('y')],
  ),
  ...cases(
    'named parameters',
    [map('limits', { max: '3', a: '' }), ...bound({ ...limited, ...params }, [{ paramRef: limits }])],
    [map('y', { a: 'xxx' }), map('y', { a: 'xxxx' })],
  ),
  ...cases(
    'selected parameters',
    [
      map('limits', { max: '3', a: '' }, { is: 'limit' }),
      ...bound({ ...limited, ...params }, [
        { paramRef: { selector: { matchLabels: { is: 'limit' } }, parameterNotFoundAction: 'Allow' } },
      ]),
    ],
    [map('y', { a: 'xxx' }), map('y', { a: 'xxxx' })],
  ),
  ...cases('no parameters', bound({ ...check('params == null'), ...params }), [map('y')]),
  ...cases(
    'parameters of a kind that does not exist',
    bound({ ...check('params == null'), paramKind: { apiVersion: 'foo.example/v1', kind: 'Bar' } }, [
      { paramRef: limits },
    ]),
    [map('y')],
  ),
  ...cases(
    'parameters outside namespaces',
    bound(
      { ...check("params.metadata.name == 'default'"), paramKind: { apiVersion: 'v1', kind: 'Namespace' } },
      [
        { paramRef: { ...limits, name: 'default' } },
        { paramRef: { ...limits, name: 'default', namespace: 'x' } },
      ],
    ),
    [map('y')],
  ),
  ...cases(
    'selected namespaces',
    bound(check('false'), [{ matchResources: { namespaceSelector: { matchLabels: { env: 'prod' } } } }]),
    [map('y')],
  ),
  ...cases(
    'selected namespaces by their names',
    bound(check('false'), [
      {
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } },
      },
    ]),
    [map('y')],
  ),
  ...cases(
    'selected objects',
    [
      map('y'),
      ...bound({
        ...check('false', { message: 'selected' }),
        matchConstraints: { ...configMaps, objectSelector: { matchLabels: { x: '1' } } },
      }),
    ],
    [
      map('a'),
      map('b', {}, { x: '1' }),
      { line: `PATCH ${maps}/y`, body: { metadata: { labels: { x: '1' } } } },
    ],
  ),
  ...cases(
    'the request',
    bound({
      validations: [
        {
          expression:
            "request.operation == 'CREATE' && request.namespace == 'default' && request.name == 'y' && request.dryRun",
          messageExpression:
            "request.userInfo.username + ' ' + string(request.dryRun) + request.options.kind",
        },
        {
          expression:
            "request.resource.resource == 'configmaps' && request.kind.kind == 'ConfigMap' && !has(request.subResource)",
        },
        { expression: 'oldObject == null && namespaceObject.metadata.name == "default"' },
      ],
    }),
    [map('y'), { line: `POST ${maps}?dryRun=All`, body: { metadata: { name: 'y' } } }],
  ),
  ...cases(
    'the old object',
    [
      ...bound(check('oldObject == null || object.data.a == oldObject.data.a', { message: 'immutable' })),
      map('y', { a: '1' }),
    ],
    [
      { line: `PATCH ${maps}/y`, body: { data: { a: '2' } } },
      { line: `PATCH ${maps}/y`, body: { data: { b: '2' } } },
      { line: `PUT ${maps}/y`, body: { metadata: { name: 'y' }, data: { a: '3' } } },
    ],
  ),
  ...cases(
    'deletions',
    [
      map('keep'),
      map('go'),
      ...bound({
        ...check("object == null && oldObject.metadata.name != 'keep'", {
          messageExpression: "'keep ' + request.name",
        }),
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] },
          ],
          objectSelector: {},
        },
        matchConditions: [{ name: 'once', expression: "request.options.propagationPolicy != 'Background'" }],
      }),
    ],
    [
      { line: `DELETE ${maps}/keep?propagationPolicy=Orphan` },
      { line: `DELETE ${maps}/go?propagationPolicy=Orphan` },
    ],
  ),
  ...cases(
    'the authorizer',
    bound(
      check(
        "authorizer.group('').resource('pods').namespace('default').check('get').allowed() && !authorizer.serviceAccount('default', 'default').group('').resource('secrets').check('get').allowed() && authorizer.requestResource.check('custom').allowed()",
        { messageExpression: "request.userInfo.username + ' may not'" },
      ),
    ),
    [map('y')],
  ),
  ...cases(
    'named resources',
    bound({
      ...check('false', { message: 'named' }),
      matchConstraints: { resourceRules: [{ ...configMaps.resourceRules[0], resourceNames: ['x'] }] },
    }),
    [map('a'), map('x')],
  ),
  ...cases(
    'excluded resources',
    bound({
      ...check('false', { message: 'all' }),
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['*'],
            apiVersions: ['*'],
            operations: ['CREATE'],
            resources: ['configmaps', 'secrets'],
          },
        ],
        excludeResourceRules: configMaps.resourceRules,
      },
    }),
    [map('a'), { line: 'POST /api/v1/namespaces/default/secrets', body: { metadata: { name: 'y' } } }],
  ),
  ...cases(
    'what costs too much',
    bound(check("object.data.all(k, object.data.all(l, object.data.all(m, object.data.all(n, n != ''))))")),
    [map('y', many)],
  ),
  ...cases(
    'policies themselves',
    bound({
      ...check('false', { message: 'self' }),
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['admissionregistration.k8s.io', 'authorization.k8s.io'],
            apiVersions: ['*'],
            operations: ['*'],
            resources: ['*'],
          },
        ],
      },
    }),
    [
      {
        line: `POST ${group}/validatingadmissionpolicybindings`,
        body: { metadata: { name: 'zz' }, spec: { policyName: 'nope', validationActions: ['Deny'] } },
      },
      {
        line: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
      },
    ],
  ),
  ...cases('a policy that is not there', bound(check('false'), [{ policyName: 'nope' }]), [map('y')]),
  ...cases(
    'subresources',
    [
      deploy,
      ...bound({
        ...check('false', { messageExpression: "'scale ' + object.kind" }),
        matchConstraints: deployments('UPDATE', 'deployments/scale'),
      }),
    ],
    [
      {
        line: 'PATCH /apis/apps/v1/namespaces/default/deployments/d/scale',
        body: { spec: { replicas: 2 } },
      },
      { line: 'PATCH /apis/apps/v1/namespaces/default/deployments/d', body: { spec: { replicas: 2 } } },
    ],
  ),
  ...cases(
    'defaults',
    bound({
      ...check('object.spec.replicas > 1 && object.spec.strategy.type == "RollingUpdate"'),
      matchConstraints: deployments('CREATE', 'deployments'),
    }),
    [deploy],
  ),
];

const jane = { user: 'jane' };
const clusterRights = (...rules: object[]): Request[] => [
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterroles',
    body: {
      metadata: { name: 'writes-policies' },
      rules: [{ verbs: ['*'], apiGroups: ['admissionregistration.k8s.io'], resources: ['*'] }, ...rules],
    },
  },
  {
    line: 'POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: {
      metadata: { name: 'writes-policies' },
      subjects: [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'writes-policies' },
    },
  },
];
const readSecrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
const withParams = (kind: string, apiVersion: string): Request => ({
  line: `POST ${group}/validatingadmissionpolicies`,
  as: jane,
  body: {
    metadata: { name: 'x' },
    spec: { matchConstraints: configMaps, paramKind: { apiVersion, kind }, ...check('true') },
  },
});
const withRef = (policyName: string, paramRef: object): Request => ({
  line: `POST ${group}/validatingadmissionpolicybindings`,
  as: jane,
  body: {
    metadata: { name: 'x' },
    spec: {
      policyName,
      validationActions: ['Deny'],
      paramRef: { parameterNotFoundAction: 'Deny', ...paramRef },
    },
  },
});
const unbound: Request = {
  line: `POST ${group}/validatingadmissionpolicies`,
  body: {
    metadata: { name: 'decides' },
    spec: {
      matchConstraints: configMaps,
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      ...check('true'),
    },
  },
};

/** Who may have which parameters read. */
export const parameterAccess: Case[] = [
  ...cases('parameters of whom may not read', clusterRights(), [
    withParams('Secret', 'v1'),
    withParams('Bar', 'foo.example/v1'),
  ]),
  ...cases('parameters of whom may read', clusterRights(readSecrets), [
    withParams('Secret', 'v1'),
    withParams('Deployment', 'apps/v1'),
  ]),
  ...cases(
    'references of whom may not read',
    [unbound, ...clusterRights()],
    [
      withRef('decides', { name: 'a' }),
      withRef('decides', { selector: {} }),
      withRef('nothing', { name: 'a', namespace: 'default' }),
    ],
  ),
  ...cases(
    'references of whom may read',
    [unbound, ...clusterRights(readSecrets)],
    [withRef('decides', { name: 'a', namespace: 'default' }), withRef('decides', { selector: {} })],
  ),
];
