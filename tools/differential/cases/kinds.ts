/** PodTemplate, ControllerRevision, subresources, field selectors, and what was recorded of the kinds before. */
import type { Case, Request } from '../case.ts';
import { absent, type Places, type Subject } from '../grammar.ts';

const core = (plural: string) => `/api/v1/namespaces/default/${plural}`;
const apps = (plural: string) => `/apis/apps/v1/namespaces/default/${plural}`;

export const podTemplate: Subject = {
  name: 'podtemplate',
  collection: core('podtemplates'),
  base: {
    metadata: { name: 'x' },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  },
};
export const podTemplatePlaces: Places = {
  'metadata.name': ['X_', 'x'],
  template: [absent, {}, { spec: { containers: [] } }],
  'template.metadata.labels': [{ 'a b': 'c' }],
  'template.spec.restartPolicy': ['Never', 'Maybe'],
  'template.spec.containers.0.image': ['', ' x'],
  'template.spec.activeDeadlineSeconds': [5],
  'template.spec.ephemeralContainers': [[{ name: 'e', image: 'i' }]],
  'template.spec.containers.0.ports': [[{ containerPort: 0 }]],
};
export const revision: Subject = {
  name: 'controllerrevision',
  collection: apps('controllerrevisions'),
  base: { metadata: { name: 'x' }, revision: 1, data: { a: 1 } },
};
export const revisionPlaces: Places = {
  revision: [absent, 0, -1, '1'],
  data: [absent, null, {}, [], 'x', { kind: 'Pod', apiVersion: 'v1', spec: {} }],
  'metadata.name': ['X_'],
};
export const revisionUpdates: Places = {
  data: [{ a: 2 }, absent],
  revision: [2, -1],
  'metadata.labels': [{ a: 'b' }],
};

const pods = core('pods');
const ephemeral = (containers: object[]) => ({
  metadata: { name: 'x' },
  spec: { ephemeralContainers: containers },
});

/** About a Pod `x` that runs nowhere. */
export const podSubresources: Request[] = [
  ...[
    { target: { name: 'n' } },
    { target: {} },
    {},
    { target: { kind: 'Pod', name: 'n' } },
    { target: { name: 'N_' } },
    { metadata: { name: 'x', annotations: { a: 'b' } }, target: { kind: 'Node', name: 'n' } },
    { metadata: { name: 'y' }, target: { name: 'n' } },
    { metadata: { uid: 'other' }, target: { name: 'n' } },
  ].map((body) => ({ line: `POST ${pods}/x/binding`, body: { metadata: { name: 'x' }, ...body } })),
  ...[
    { metadata: { name: 'x' } },
    { metadata: { name: 'y' } },
    { metadata: { name: 'x' }, deleteOptions: { dryRun: ['All'] } },
    { metadata: { name: 'x' }, deleteOptions: { gracePeriodSeconds: 0 } },
    { metadata: { name: 'x' }, deleteOptions: { preconditions: { uid: 'u' } } },
  ].map((body) => ({
    line: `POST ${pods}/x/eviction`,
    body: { kind: 'Eviction', apiVersion: 'policy/v1', ...body },
  })),
  ...[
    [{ name: 'e', image: 'i' }],
    [{ name: 'e', image: 'i', targetContainerName: 'c' }],
    [{ name: 'e', image: 'i', targetContainerName: 'z' }],
    [{ name: 'c', image: 'i' }],
    [{ name: 'e' }],
    [{ name: 'e', image: 'i', ports: [{ containerPort: 80 }], livenessProbe: {}, lifecycle: {} }],
    [{ name: 'e', image: 'i', resources: { limits: { cpu: '1' } } }],
    [{ name: 'e', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/a', subPath: 'b' }] }],
    [{ name: 'e', image: 'i', securityContext: { runAsUser: -1 } }],
    [
      { name: 'e', image: 'i' },
      { name: 'e', image: 'j' },
    ],
    [],
  ].map((containers) => ({ line: `PATCH ${pods}/x/ephemeralcontainers`, body: ephemeral(containers) })),
  { line: `GET ${pods}/x/ephemeralcontainers` },
  { line: `GET ${pods}/x/status` },
  { line: `GET ${pods}/y/status` },
  { line: `GET ${pods}/x/nope` },
  { line: `POST ${pods}/x/status`, body: {} },
  { line: `DELETE ${pods}/x/status` },
];

/** About a ServiceAccount `x`. */
export const tokenRequests: Request[] = [
  { spec: { expirationSeconds: 1 } },
  { spec: { expirationSeconds: 5_000_000_000 } },
  { spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'none' } } },
  { spec: { boundObjectRef: { kind: 'Nope', apiVersion: 'v1', name: 'none' } } },
  { spec: { expirationSeconds: 'x' } },
].map((body) => ({ line: `POST ${core('serviceaccounts')}/x/token`, body }));

/** Every selectable field, and one that is none. */
export const fieldSelectors = ({ collection }: Subject, fields: string[]): Request[] =>
  [...fields, 'metadata.namespace', 'metadata.nope', 'spec.sails'].map((field) => ({
    line: `GET ${collection}?fieldSelector=metadata.name%3Dx,${field}!%3Dnothing`,
  }));

export const selectable = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  events: ['type', 'reason', 'reportingComponent', 'source', 'involvedObject.kind', 'involvedObject.uid'],
  newEvents: ['type', 'reason', 'reportingController', 'regarding.kind', 'regarding.name'],
  services: ['spec.clusterIP', 'spec.type'],
  secrets: ['type'],
  namespaces: ['status.phase'],
};

const x = (count: number) => 'x'.repeat(count);

/** Too large, too long, and the like, as recorded before of the kinds. */
export const recorded: Case[] = [
  [
    'pod-name-too-long',
    {
      line: `POST ${pods}`,
      body: { metadata: { name: x(254) }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  ],
  [
    'svc-bad-name',
    {
      line: `POST ${core('services')}`,
      body: { metadata: { name: '1bad' }, spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } },
    },
  ],
  [
    'cm-too-big',
    {
      line: `POST ${core('configmaps')}`,
      body: { metadata: { name: 'x' }, data: { a: x(1024 * 1024 + 1) } },
    },
  ],
  [
    'secret-too-big',
    {
      line: `POST ${core('secrets')}`,
      body: { metadata: { name: 'x' }, stringData: { a: x(1024 * 1024 + 1) } },
    },
  ],
  [
    'meta-annotations-too-big',
    {
      line: `POST ${core('configmaps')}`,
      body: { metadata: { name: 'x', annotations: { a: x(256 * 1024) } } },
    },
  ],
  ['method-not-allowed', { line: `GET ${core('bindings')}` }],
].map(([name, request]) => ({ name: `recorded ${name}`, request: request as Request }));
