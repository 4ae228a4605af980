/** Parts of objects that are written through doors of their own: resizes, and server-side apply to subresources. */
import type { Case, Request } from '../case.ts';
import { create, type Subject } from '../grammar.ts';
import { deployment } from './workloads.ts';

const apply = 'application/apply-patch+yaml';
const amounts = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } });

export const sized: Subject = {
  name: 'sized pod',
  collection: '/api/v1/namespaces/default/pods',
  base: {
    metadata: { name: 'x' },
    spec: {
      containers: [
        { name: 'a', image: 'nginx', resources: amounts('100m', '64Mi') },
        { name: 'b', image: 'nginx', resources: { requests: { cpu: '1' } } },
      ],
      initContainers: [
        { name: 'i', image: 'nginx', resources: { requests: { cpu: '10m' } } },
        { name: 's', image: 'nginx', restartPolicy: 'Always', resources: { requests: { cpu: '10m' } } },
      ],
    },
  },
};

/** Containers by name, for strategic merge patches. */
const resizes = [
  { containers: [{ name: 'a', resources: amounts('200m', '128Mi') }] },
  { containers: [{ name: 'a', resources: { limits: { cpu: '300m' } } }] },
  { containers: [{ name: 'a', resources: { requests: { cpu: '300m' } } }] },
  { containers: [{ name: 'a', resources: { requests: { cpu: null } } }] },
  { containers: [{ name: 'a', resources: null }] },
  { containers: [{ name: 'a', resources: { requests: { 'ephemeral-storage': '1Gi' } } }] },
  { containers: [{ name: 'a', image: 'other' }] },
  { containers: [{ name: 'a', resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }] },
  { containers: [{ name: 'c', image: 'nginx' }] },
  { containers: [{ name: 'b', resources: { requests: { cpu: '-1' } } }] },
  { initContainers: [{ name: 'i', resources: { requests: { cpu: '20m' } } }] },
  { initContainers: [{ name: 's', resources: { requests: { cpu: '20m' } } }] },
  { initContainers: [{ name: 's', resources: { requests: { cpu: null } } }] },
  { activeDeadlineSeconds: 3 },
  { resources: { requests: { cpu: '5' } } },
  {},
];

const strategic = 'application/strategic-merge-patch+json';
const resize = `${sized.collection}/x/resize`;
const best = {
  ...sized,
  base: { metadata: { name: 'x' }, spec: { containers: [{ name: 'a', image: 'nginx' }] } },
};
const guaranteed = {
  ...sized,
  base: {
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'a', image: 'nginx', resources: amounts('1', '1Gi') }] },
  },
};

const about = (name: string, subject: Subject, list: Request[]): Case[] =>
  list.map((request, i) => ({ name: `${name} ${i}`, before: [create(subject)], request }));

const applied = (line: string, body: object, query = 'fieldManager=me'): Request => ({
  line: `PATCH ${line}?${query}`,
  body,
  type: apply,
});

const podBody = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
const scaleOf = (spec: object, metadata = {}) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'x', ...metadata },
  spec,
});
const scale = `${deployment.collection}/x/scale`;

export const parts: Case[] = [
  ...about(
    'resize',
    sized,
    resizes.map((spec) => ({ line: `PATCH ${resize}`, type: strategic, body: { spec } })),
  ),
  ...about('resize best effort', best, [
    { line: `PATCH ${resize}`, type: strategic, body: { spec: resizes[0] } },
    { line: `PATCH ${resize}`, type: strategic, body: { spec: {} } },
  ]),
  ...about('resize guaranteed', guaranteed, [
    {
      line: `PATCH ${resize}`,
      type: strategic,
      body: { spec: { containers: [{ name: 'a', resources: amounts('2', '2Gi') }] } },
    },
    {
      line: `PATCH ${resize}`,
      type: strategic,
      body: { spec: { containers: [{ name: 'a', resources: { requests: { cpu: '500m' } } }] } },
    },
    {
      line: `PUT ${resize}`,
      body: {
        ...guaranteed.base,
        spec: { containers: [{ name: 'a', image: 'other', resources: amounts('2', '2Gi') }] },
      },
    },
    { line: `PUT ${resize}`, body: { ...guaranteed.base, metadata: { name: 'x', labels: { a: 'b' } } } },
    {
      line: `PUT ${resize}`,
      body: { metadata: { name: 'x' }, spec: { containers: [{ name: 'other', image: 'nginx' }] } },
    },
    { line: `GET ${resize}` },
    { line: `DELETE ${resize}` },
  ]),
  ...about('apply resize', guaranteed, [
    applied(resize, podBody({ containers: [{ name: 'a', resources: amounts('2', '2Gi') }] })),
    applied(
      resize,
      podBody({ containers: [{ name: 'a', resources: amounts('2', '2Gi') }] }),
      'fieldManager=me&force=true',
    ),
    applied(resize, podBody({ containers: [{ name: 'a', image: 'other' }] }), 'fieldManager=me&force=true'),
    applied(resize, podBody({})),
    applied(resize, podBody({}), ''),
  ]),
  ...about('apply ephemeral containers', guaranteed, [
    applied(
      `${sized.collection}/x/ephemeralcontainers`,
      podBody({ ephemeralContainers: [{ name: 'e', image: 'busybox' }] }),
    ),
    applied(
      `${sized.collection}/x/ephemeralcontainers`,
      podBody({ ephemeralContainers: [{ name: 'a', image: 'busybox' }] }),
    ),
    applied(
      `${sized.collection}/x/ephemeralcontainers`,
      podBody({ containers: [{ name: 'a', image: 'busybox' }] }),
    ),
  ]),
  ...about('apply scale', deployment, [
    applied(scale, scaleOf({ replicas: 4 })),
    applied(scale, scaleOf({ replicas: 4 }), 'fieldManager=me&force=true'),
    applied(scale, scaleOf({ replicas: -4 }), 'fieldManager=me&force=true'),
    applied(scale, scaleOf({})),
    applied(scale, scaleOf({ replicas: 4 }, { name: 'y' })),
    applied(scale, scaleOf({ replicas: 4, other: 1 })),
    applied(scale, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } }),
    applied(scale, scaleOf({ replicas: 4 }), ''),
    applied(scale, scaleOf({ replicas: 4 }, { resourceVersion: '1' }), 'fieldManager=me&force=true'),
    applied(scale, scaleOf({ replicas: 4 }, { uid: 'u' }), 'fieldManager=me&force=true'),
    applied(`${deployment.collection}/nope/scale`, scaleOf({ replicas: 4 }, { name: 'nope' })),
  ]),
];
