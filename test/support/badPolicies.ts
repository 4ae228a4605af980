import type { Bad } from './badInput.ts';

const registration = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const costly = 'object.data.all(a, object.data.all(b, a != b + "x"))';
const about = (name: string) => ({
  ...{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
  resourceNames: [name],
});
const paramLabels = { bad: 'parameter' };

/** A policy that is ended at its cost, of whose bindings each has several parameters; and a webhook whose conditions are. */
export const standingJudges: { path: string; body: object }[] = [
  ...['one', 'two'].map((name) => ({ path: maps, body: { metadata: { name, labels: paramLabels } } })),
  {
    path: `${registration}/validatingadmissionpolicies`,
    body: {
      metadata: { name: 'costly' },
      spec: {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConstraints: { resourceRules: [about('judged')] },
        validations: [{ expression: costly }, { expression: costly }],
      },
    },
  },
  ...['costly-a', 'costly-b'].map((name) => ({
    path: `${registration}/validatingadmissionpolicybindings`,
    body: {
      metadata: { name },
      spec: {
        policyName: 'costly',
        validationActions: ['Deny'],
        paramRef: { selector: { matchLabels: paramLabels }, parameterNotFoundAction: 'Deny' },
      },
    },
  })),
  {
    path: `${registration}/validatingwebhookconfigurations`,
    body: {
      metadata: { name: 'costly' },
      webhooks: [
        {
          name: 'costly.hooks.example.com',
          clientConfig: { url: 'https://127.0.0.1:1/never' },
          ...{ admissionReviewVersions: ['v1'], sideEffects: 'None' },
          rules: [{ ...about('hooked'), resourceNames: undefined }],
          matchConditions: [
            { name: 'own', expression: 'object.metadata.name == "hooked"' },
            ...[1, 2, 3].map((i) => ({ name: `costly-${i}`, expression: costly })),
          ],
        },
      ],
    },
  },
];

const oneOfMany = `object.metadata.name in [${Array(9_000).fill("'a-name'").join()}]`;

/** A policy of a megabyte that nothing is refused by, and who is asked about it. */
export const lengthyPolicy = {
  path: `${registration}/validatingadmissionpolicies/lengthy`,
  body: {
    metadata: { name: 'lengthy' },
    spec: {
      matchConstraints: { resourceRules: [about('measured')] },
      validations: Array.from({ length: 12 }, () => ({ expression: `true || ${oneOfMany}` })),
    },
  },
  binding: {
    path: `${registration}/validatingadmissionpolicybindings`,
    body: { metadata: { name: 'lengthy' }, spec: { policyName: 'lengthy', validationActions: ['Deny'] } },
  },
  asked: { path: `${maps}?dryRun=All`, body: { metadata: { name: 'measured' } } },
};

const manyKeys = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, `${i}`]));

/** What policies and match conditions are asked about. */
export const badMaps: Bad[] = [
  {
    what: 'objects that policies judge to the end of their cost',
    path: maps,
    body: { metadata: { name: 'judged' }, data: manyKeys },
    says: /ValidatingAdmissionPolicy 'costly' with binding 'costly-a' denied request: expression .* resulted in error: operation cancelled: actual cost limit exceeded/,
  },
  {
    what: 'objects that match conditions judge to the end of their cost',
    path: maps,
    body: { metadata: { name: 'hooked' }, data: manyKeys },
    says: /configmaps "hooked" is forbidden: validation failed due to running out of cost budget, no further validation rules will be run/,
  },
];
