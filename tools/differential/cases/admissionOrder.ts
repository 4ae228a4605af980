import type { Case, Request } from '../case.ts';

/**
 * Who refuses a Pod first when several have something against it. A namespace of its own for each case, since a real
 * server remembers for half a minute what it has found in one.
 */
interface Obstacle {
  /** What it needs beforehand. */
  before?(namespace: string): Request[];
  labels?: Record<string, string>;
  spec?: object;
  container?: object;
  as?: Request['as'];
  /** The namespace is on its way out when the Pod comes. */
  ends?: true;
}

const hooks = '/apis/admissionregistration.k8s.io/v1';
const podRule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const within = (namespace: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': namespace } });

const webhook = (kind: 'mutating' | 'validating') => ({
  before: (namespace: string): Request[] => [
    {
      line: `POST ${hooks}/${kind}webhookconfigurations`,
      body: {
        metadata: { name: `${kind}-${namespace}` },
        webhooks: [
          {
            name: `${kind}.hooks.example.com`,
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            clientConfig: { url: 'https://127.0.0.1:1/x' },
            namespaceSelector: within(namespace),
            rules: [podRule],
          },
        ],
      },
    },
  ],
});

const policy = (namespace: string): Request[] => [
  {
    line: `POST ${hooks}/validatingadmissionpolicies`,
    body: {
      metadata: { name: namespace },
      spec: {
        matchConstraints: { namespaceSelector: within(namespace), resourceRules: [podRule] },
        validations: [{ expression: 'false', message: 'no Pods here' }],
      },
    },
  },
  {
    line: `POST ${hooks}/validatingadmissionpolicybindings`,
    body: { metadata: { name: namespace }, spec: { policyName: namespace, validationActions: ['Deny'] } },
  },
];

const quota = (namespace: string): Request[] => {
  const line = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const hard = { pods: '0' };
  return [
    { line: `POST ${line}`, body: { metadata: { name: 'none' }, spec: { hard } } },
    { line: `PATCH ${line}/none/status`, body: { status: { hard, used: hard } } },
  ];
};

const limits = (namespace: string): Request[] => [
  {
    line: `POST /api/v1/namespaces/${namespace}/limitranges`,
    body: {
      metadata: { name: 'small' },
      spec: { limits: [{ type: 'Container', max: { memory: '1Mi' }, min: { memory: '1Ki' } }] },
    },
  },
];

const obstacles: Record<string, Obstacle> = {
  rights: { as: { user: 'jane' } },
  body: { container: { ports: 'none' } },
  ending: { ends: true },
  limits: { before: limits, container: { resources: { limits: { memory: '1Gi' } } } },
  account: { spec: { serviceAccountName: 'nobody' } },
  security: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  priority: { spec: { priorityClassName: 'none' } },
  runtime: { spec: { runtimeClassName: 'none' } },
  mutating: webhook('mutating'),
  fields: { container: { imagePullPolicy: 'Sometimes' } },
  policy: { before: policy },
  validating: webhook('validating'),
  quota: { before: quota },
};

const names = Object.keys(obstacles);

const caseOf = (chosen: readonly string[], number: number): Case => {
  const namespace = `order-${number}`;
  const all = chosen.map((name) => obstacles[name]!);
  const merged = <K extends 'labels' | 'spec' | 'container'>(part: K) =>
    Object.assign({}, ...all.map((each) => each[part] ?? {}));
  const as = all.find((each) => each.as)?.as;
  return {
    name: `pod refused for ${chosen.join(', ')}`,
    before: [
      {
        line: 'POST /api/v1/namespaces',
        body: { metadata: { name: namespace, labels: merged('labels') } },
      },
      {
        line: `POST /api/v1/namespaces/${namespace}/serviceaccounts`,
        body: { metadata: { name: 'default' } },
        // It is there already where a controller or a test's server makes it.
        mayFail: true,
      },
      ...all.flatMap((each) => each.before?.(namespace) ?? []),
      ...(all.some(({ ends }) => ends) ? [{ line: `DELETE /api/v1/namespaces/${namespace}` }] : []),
    ],
    request: {
      line: `POST /api/v1/namespaces/${namespace}/pods`,
      body: {
        metadata: { name: 'p' },
        spec: { containers: [{ name: 'c', image: 'i', ...merged('container') }], ...merged('spec') },
      },
      ...(as && { as }),
    },
  };
};

const pairs = names.flatMap((name, i) => names.slice(i + 1).map((other) => [name, other]));
const withoutTheFirst = names.slice(0, -2).map((_, i) => names.slice(i));
const allButOne = names.map((name) => names.filter((other) => other !== name));

/** Each alone, each with each other, all of them, all but one, and fewer and fewer. */
export const admissionOrder: Case[] = [
  ...names.map((name) => [name]),
  ...pairs,
  ...withoutTheFirst,
  ...allButOne,
].map(caseOf);
