/** All cases, by the file they are written to. */
import type { Case, Request } from '../case.ts';
import {
  absent,
  combinations,
  creates,
  type Places,
  patches,
  requests,
  type Subject,
  updates,
  withValue,
} from '../grammar.ts';
import * as ad from './addresses.ts';
import { admissionOrder } from './admissionOrder.ts';
import * as ap from './apiServices.ts';
import * as h from './autoscalers.ts';
import * as q from './certificates.ts';
import * as c from './cronJobs.ts';
import * as cr from './customResources.ts';
import * as d from './definitions.ts';
import * as dv from './devices.ts';
import * as f from './flowControl.ts';
import * as j from './jobs.ts';
import * as k from './kinds.ts';
import { generated, metadataPlaces, metadataUpdates } from './metadata.ts';
import * as mp from './mutatingPolicies.ts';
import * as o from './objects.ts';
import { parts } from './parts.ts';
import { pod, podPlaces } from './pods.ts';
import { podPatches, podStatuses } from './podUpdates.ts';
import * as p from './policies.ts';
import * as pd from './policyDecisions.ts';
import { badStrategicPatches, bodies, deletions, patchesOfAllTypes, queries, tables } from './protocol.ts';
import { randomDefinitions, randomObjects, standingRandoms } from './random/index.ts';
import * as a from './rbac.ts';
import * as r from './replicationControllers.ts';
import * as ru from './rules.ts';
import * as s from './services.ts';
import * as t from './stateful.ts';
import * as sk from './storageKinds.ts';
import { oddTypes } from './types.ts';
import { mountPlaces, volumePlaces } from './volumes.ts';
import * as w from './workloads.ts';

const volumed: Subject = {
  ...pod,
  name: 'pod with volumes',
  base: withValue(pod.base, 'spec.volumes', [
    { name: 'v', emptyDir: {} },
    { name: 'b', persistentVolumeClaim: { claimName: 'c' } },
  ]) as Subject['base'],
};

const selections = (subject: Subject, fields: string[]): Case[] =>
  requests(subject, k.fieldSelectors(subject, fields));

/** The places of a Pod's spec as those of a template. */
const inTemplate = (places: Places): Places =>
  Object.fromEntries(
    Object.entries(places)
      .filter(([path]) => path.startsWith('spec.'))
      .map(([path, values]) => [`spec.template.${path}`, values]),
  );

const all = (subject: Subject, places: Parameters<typeof creates>[1], several = 0): Case[] => [
  ...creates(subject, places),
  ...combinations(subject, places, several),
];

/** How objects of kinds are shown, deleted and selected. */
const kept = (subjects: Subject[]): Case[] =>
  subjects.flatMap((subject) => [
    ...requests(subject, [...tables(subject), ...deletions(subject)]),
    ...selections(subject, []),
  ]);

export const areas: Record<string, Case[]> = {
  'admission-order': admissionOrder,
  pods: all(pod, podPlaces, 60),
  volumes: [...creates(pod, volumePlaces), ...creates(volumed, mountPlaces)],
  'pod-updates': [...patches(pod, podPatches), ...patches(pod, podStatuses, 'status')],
  services: [
    ...all(s.service, s.servicePlaces, 30),
    ...all(s.balancer, s.balancerPlaces, 6),
    ...creates(s.headless, s.headlessPlaces),
    ...creates(s.external, s.externalPlaces),
  ],
  'service-updates': [
    ...patches(s.service, s.servicePatches),
    ...patches(s.balancer, s.balancerPatches),
    ...patches(s.balancer, s.balancerStatuses, 'status'),
    ...patches(s.headless, [
      { spec: { clusterIP: '10.96.77.20' } },
      { spec: { clusterIP: null, clusterIPs: null } },
      { spec: { type: 'NodePort' } },
    ]),
    ...patches(s.external, [
      { spec: { type: 'ClusterIP', externalName: null } },
      { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } },
      { spec: { externalName: 'B_' } },
    ]),
  ],
  workloads: [
    ...all(w.deployment, { ...w.workloadPlaces, ...w.deploymentPlaces }, 30),
    ...creates(w.replicaSet, w.workloadPlaces),
  ],
  'workload-updates': [w.deployment, w.replicaSet].flatMap((subject) => [
    ...updates(subject, w.workloadUpdates),
    ...patches(subject, w.workloadStatuses, 'status'),
    ...patches(subject, w.scaleBodies, 'scale'),
    ...(subject === w.deployment ? patches(subject, w.deploymentStatuses, 'status') : []),
  ]),
  'replication-controllers': [
    ...creates(r.replicationController, r.controllerPlaces),
    ...updates(r.replicationController, r.controllerUpdates),
    ...patches(r.replicationController, w.workloadStatuses, 'status'),
    ...patches(r.replicationController, w.scaleBodies, 'scale'),
    ...requests(r.replicationController, [
      ...tables(r.replicationController),
      ...deletions(r.replicationController),
    ]),
    ...selections(r.replicationController, ['status.replicas']),
  ],
  rbac: [
    ...[a.role, a.clusterRole].flatMap((subject) => [
      ...all(subject, a.rolePlaces, 6),
      ...updates(subject, a.rolePlaces),
    ]),
    ...creates(a.clusterRole, a.aggregationPlaces),
    ...[a.roleBinding, a.clusterRoleBinding].flatMap((subject) => [
      ...all(subject, a.bindingPlaces, 6),
      ...updates(subject, a.bindingPlaces),
    ]),
    ...[a.role, a.clusterRole, a.roleBinding, a.clusterRoleBinding].flatMap((subject) =>
      requests(subject, [...tables(subject), ...deletions(subject)]),
    ),
  ],
  certificates: [
    ...creates(q.signing, q.signingPlaces),
    ...['', 'status', 'approval'].flatMap((part) => patches(q.signing, q.signingPatches, part)),
    ...requests(q.signing, [...tables(q.signing), ...deletions(q.signing)]),
    ...selections(q.signing, ['spec.signerName']),
  ],
  'rbac-decisions': [...a.decisions, ...a.escalations, ...a.refusals],
  jobs: [
    ...all(j.job, j.jobPlaces, 20),
    ...creates(j.indexedJob, { ...j.indexedPlaces, ...j.manyIndexes }),
    ...[j.job, j.indexedJob, j.suspendedJob].flatMap((subject) => [
      ...patches(subject, j.jobPatches),
      ...patches(subject, j.jobStatuses, 'status'),
    ]),
    ...updates(j.job, { 'spec.selector': [absent], 'spec.parallelism': [absent, 2] }),
    ...requests(j.job, [...tables(j.job), ...deletions(j.job)]),
    ...selections(j.job, ['status.successful']),
  ],
  'cron-jobs': [
    ...all(c.cronJob, c.cronJobPlaces, 20),
    ...patches(c.cronJob, c.cronJobPatches),
    ...patches(c.cronJob, c.cronJobStatuses, 'status'),
    ...requests(c.cronJob, [...tables(c.cronJob), ...deletions(c.cronJob)]),
    ...selections(c.cronJob, []),
  ],
  'stateful-sets': [
    ...all(t.statefulSet, t.statefulPlaces, 20),
    ...updates(t.statefulSet, t.statefulUpdates),
    ...patches(t.statefulSet, t.statefulStatuses, 'status'),
    ...patches(t.statefulSet, w.scaleBodies, 'scale'),
    ...requests(t.statefulSet, [...tables(t.statefulSet), ...deletions(t.statefulSet)]),
    ...selections(t.statefulSet, []),
  ],
  'daemon-sets': [
    ...all(t.daemonSet, t.daemonPlaces, 20),
    ...updates(t.daemonSet, w.workloadUpdates),
    ...patches(t.daemonSet, t.daemonStatuses, 'status'),
    ...requests(t.daemonSet, [...tables(t.daemonSet), ...deletions(t.daemonSet)]),
    ...selections(t.daemonSet, []),
  ],
  autoscalers: [
    ...all(h.autoscaler, h.autoscalerPlaces, 20),
    ...all(h.olderAutoscaler, h.olderPlaces, 10),
    ...[h.autoscaler, h.olderAutoscaler].flatMap((subject) => [
      ...patches(subject, h.autoscalerPatches),
      ...patches(subject, h.autoscalerStatuses, 'status'),
      ...requests(subject, [...tables(subject), ...deletions(subject)]),
      ...selections(subject, []),
    ]),
    ...h.otherVersion.map((spec, i) => ({
      name: `autoscaler read as v1 ${i}`,
      before: [{ line: `POST ${h.autoscaler.collection}`, body: { metadata: { name: 'x' }, spec } }],
      request: { line: `GET ${h.olderAutoscaler.collection}/x` },
    })),
    ...[50, undefined].map((targetCPUUtilizationPercentage) => ({
      name: `v1 autoscaler read as v2 ${targetCPUUtilizationPercentage}`,
      before: [
        {
          line: `POST ${h.olderAutoscaler.collection}`,
          body: {
            ...h.olderAutoscaler.base,
            spec: { ...(h.olderAutoscaler.base.spec as object), targetCPUUtilizationPercentage },
          },
        },
      ],
      request: { line: `GET ${h.autoscaler.collection}/x` },
    })),
  ],
  'storage-kinds': [
    ...all(sk.driver, sk.driverPlaces, 6),
    ...patches(sk.driver, sk.driverUpdates),
    ...all(sk.csiNode, sk.csiNodePlaces, 4),
    ...patches(sk.csiNode, sk.csiNodePatches),
    ...all(sk.capacity, sk.capacityPlaces, 4),
    ...patches(sk.capacity, sk.capacityPatches),
    ...all(sk.attachment, sk.attachmentPlaces, 6),
    ...patches(sk.attachment, sk.attachmentPatches),
    ...patches(sk.attachment, sk.attachmentStatuses, 'status'),
    ...all(sk.attributesClass, sk.attributesClassPlaces, 2),
    ...updates(sk.attributesClass, sk.attributesClassUpdates),
    ...kept([sk.driver, sk.csiNode, sk.capacity, sk.attachment, sk.attributesClass]),
  ],
  devices: [
    ...all(dv.deviceClass, dv.classPlaces, 4),
    ...patches(dv.deviceClass, dv.classPatches),
    ...all(dv.claim, dv.claimPlaces, 12),
    ...patches(dv.claim, dv.claimPatches),
    ...patches(dv.claim, dv.claimStatuses, 'status'),
    ...creates(dv.template, dv.templatePlaces),
    ...patches(dv.template, dv.templatePatches),
    ...all(dv.slice, dv.slicePlaces, 12),
    ...patches(dv.slice, dv.slicePatches),
    ...kept([dv.deviceClass, dv.claim, dv.template, dv.slice]),
    ...selections(dv.slice, ['spec.nodeName', 'spec.driver']),
  ],
  'flow-control': [
    ...all(f.schema, f.schemaPlaces, 12),
    ...patches(f.schema, f.schemaPatches),
    ...all(f.level, f.levelPlaces, 8),
    ...patches(f.level, f.levelPatches),
    ...[f.schema, f.level].flatMap((subject) => patches(subject, f.statuses, 'status')),
    ...kept([f.schema, f.level]),
  ],
  addresses: [
    ...creates(ad.address, ad.addressPlaces),
    ...patches(ad.address, ad.addressPatches),
    ...creates(ad.block, ad.blockPlaces),
    ...patches(ad.block, ad.blockPatches),
    ...patches(ad.block, ad.blockStatuses, 'status'),
    ...kept([ad.address, ad.block]),
  ],
  replacements: [
    ...updates(s.service, s.servicePlaces),
    ...updates(s.balancer, { ...s.servicePlaces, ...s.balancerPlaces }),
    ...updates(s.headless, { ...s.servicePlaces, ...s.headlessPlaces }),
    ...updates(s.external, { ...s.servicePlaces, ...s.externalPlaces }),
    ...updates(w.deployment, { ...w.workloadPlaces, ...w.deploymentPlaces }),
    ...updates(w.replicaSet, w.workloadPlaces),
    ...updates(o.node, o.nodePlaces),
    ...updates(o.namespace, o.namespacePlaces),
    ...updates(o.secret, o.secretPlaces),
    ...updates(o.configMap, o.configMapPlaces),
    ...updates(o.endpoints, o.endpointsPlaces),
    ...updates(o.slice, o.slicePlaces),
    ...updates(o.event, o.eventPlaces),
    ...updates(o.newEvent, o.newEventPlaces),
    ...updates(o.serviceAccount, o.serviceAccountPlaces),
  ],
  definitions: [
    ...creates(d.definition, d.definitionPlaces),
    ...creates(d.definition, d.schemaPlaces),
    ...patches(d.definition, d.definitionPatches),
    ...patches(d.definition, d.definitionStatuses, 'status'),
    ...requests(d.definition, deletions(d.definition)),
  ],
  'custom-resources': [
    ...creates(cr.widget, cr.widgetPlaces),
    ...creates(cr.plain, cr.plainPlaces),
    ...creates(cr.ruled, cr.ruledPlaces),
    ...patches(cr.ruled, cr.ruledPatches),
    ...patches(cr.ruled, [{ status: { n: 0 } }, { status: { n: 1 } }], 'status'),
    ...patches(cr.widget, cr.widgetPatches),
    ...patches(cr.widget, cr.widgetStatuses, 'status'),
    ...patches(cr.widget, cr.scalePatches, 'scale'),
    ...requests(cr.widget, cr.widgetRequests),
    ...requests(cr.plain, tables(cr.plain)),
  ],
  policies: [
    ...creates(p.policy, p.policyPlaces),
    ...updates(p.policy, p.policyUpdates),
    ...patches(p.policy, p.policyStatuses, 'status'),
    ...creates(p.binding, p.bindingPlaces),
    ...[p.policy, p.binding].flatMap((subject) =>
      requests(subject, [...tables(subject), ...deletions(subject)]),
    ),
  ],
  parts,
  'api-services': [
    ...creates(ap.remote, ap.remotePlaces),
    ...creates(ap.local, ap.localPlaces),
    ...patches(ap.local, ap.patchesOfLocal),
    ...patches(ap.local, ap.statuses, 'status'),
    ...kept([ap.local]),
  ],
  'mutating-policies': [
    ...creates(mp.policy, mp.policyPlaces),
    ...creates(mp.olderPolicy, { 'spec.failurePolicy': [absent], 'spec.reinvocationPolicy': ['Nope'] }),
    ...creates(mp.binding, mp.bindingPlaces),
    ...[mp.policy, mp.binding].flatMap((subject) =>
      requests(subject, [...tables(subject), ...deletions(subject)]),
    ),
  ],
  'mutating-decisions': mp.decisions,
  'policy-decisions': pd.decisions,
  'policy-parameters': pd.parameterAccess,
  rules: ru.rules,
  'random-definitions': randomDefinitions,
  'random-objects': randomObjects,
  types: oddTypes,
  templates: creates(w.deployment, inTemplate({ ...podPlaces, ...volumePlaces })),
  metadata: [
    ...creates(o.configMap, metadataPlaces),
    ...creates(o.configMap, generated),
    ...updates(o.configMap, metadataUpdates),
    ...combinations(o.configMap, metadataPlaces, 12),
  ],
  objects: [
    ...creates(o.configMap, o.configMapPlaces),
    ...creates(o.secret, o.secretPlaces),
    ...o.typedSecrets.map((body, i) => ({
      name: `secret of type ${body.type} ${i}`,
      request: { line: `POST ${o.secret.collection}`, body: { metadata: { name: 'x' }, ...body } },
    })),
    ...creates(o.serviceAccount, o.serviceAccountPlaces),
    ...creates(o.endpoints, o.endpointsPlaces),
    ...creates(o.slice, o.slicePlaces),
    ...combinations(o.slice, o.slicePlaces, 6),
    ...creates(o.node, o.nodePlaces),
    ...creates(o.namespace, o.namespacePlaces),
    ...creates(o.lease, o.leasePlaces),
    ...creates(o.event, o.eventPlaces),
    ...creates(o.newEvent, o.newEventPlaces),
    ...combinations(o.newEvent, o.newEventPlaces, 6),
  ],
  'object-updates': [
    ...updates(o.configMap, o.mapUpdates),
    ...updates(o.frozenMap, o.mapUpdates),
    ...updates(o.frozenSecret, { data: [{ a: 'Mg==' }], immutable: [false], type: ['a/b'] }),
    ...updates(o.secret, { type: ['a/b', 'Opaque', absent], stringData: [{ b: '2' }] }),
    ...updates(o.slice, o.sliceUpdates),
    ...updates(o.node, o.nodeUpdates),
    ...patches(o.node, o.nodeStatuses, 'status'),
    ...updates(o.namespace, o.namespaceUpdates),
    ...patches(o.namespace, o.namespaceStatuses, 'status'),
    ...updates(o.event, o.eventUpdates),
    ...updates(o.newEvent, o.newEventUpdates),
    ...updates(o.endpoints, { subsets: [[], [{}]] }),
    ...updates(o.lease, { 'spec.leaseTransitions': [-1, 3], spec: [{}] }),
  ],
  kinds: [
    ...k.recorded,
    ...creates(k.podTemplate, k.podTemplatePlaces),
    ...updates(k.podTemplate, { 'template.spec.containers.0.image': ['other', ''] }),
    ...creates(k.revision, k.revisionPlaces),
    ...updates(k.revision, k.revisionUpdates),
    ...[k.podTemplate, k.revision].flatMap((subject) =>
      requests(subject, [...tables(subject), ...deletions(subject)]),
    ),
    ...requests(pod, k.podSubresources),
    ...requests(o.serviceAccount, k.tokenRequests),
    ...selections(pod, k.selectable.pods),
    ...selections(o.node, k.selectable.nodes),
    ...selections(o.event, k.selectable.events),
    ...selections(o.newEvent, k.selectable.newEvents),
    ...selections(s.service, k.selectable.services),
    ...selections(o.secret, k.selectable.secrets),
    ...selections(o.namespace, k.selectable.namespaces),
    ...[
      w.deployment,
      w.replicaSet,
      o.lease,
      o.slice,
      o.endpoints,
      o.serviceAccount,
      k.podTemplate,
      k.revision,
    ].flatMap((subject) => selections(subject, [])),
  ],
  protocol: [
    ...bodies,
    ...requests(o.configMap, queries),
    ...requests(o.configMap, patchesOfAllTypes),
    ...requests(pod, badStrategicPatches),
    ...[
      o.configMap,
      pod,
      s.service,
      o.secret,
      o.serviceAccount,
      o.node,
      o.namespace,
      w.deployment,
      o.lease,
      o.slice,
    ].flatMap((subject) => requests(subject, deletions(subject))),
  ],
  tables: [
    pod,
    s.service,
    s.balancer,
    s.headless,
    s.external,
    o.configMap,
    o.secret,
    o.serviceAccount,
    o.endpoints,
    o.slice,
    o.node,
    o.namespace,
    o.lease,
    o.event,
    o.newEvent,
    w.deployment,
    w.replicaSet,
  ].flatMap((subject) => requests(subject, tables(subject))),
};

/** Definitions that are there before the first case of an area. */
export const standingFor = (area: string): readonly Request[] =>
  area === 'random-objects' ? standingRandoms : cr.standing;
