import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { parallel } from '../common/parallel.ts';
import { isTerminal } from '../common/pods.ts';
import { type Controller, watching } from '../controller.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, pods } from '../resources.ts';
import { assign, evict, refuse, select } from './apply.ts';
import { asScheduled } from './effective.ts';
import { isPending, plan } from './plan.ts';
import { factsFor } from './read.ts';
import { podRequests } from './resources.ts';

/** Binds Pods to Nodes. It has one key for the whole cluster, so that it reads the Nodes once for a batch of Pods. */
const everything = [{ namespace: '', name: 'pods' }];

export const scheduler: Controller = {
  name: 'default-scheduler',
  watches: [
    watching<Pod>({
      resource: pods,
      // New Pods want a place; those that end leave one, those that are resized a part of it, and those with other
      // labels may repel or attract.
      keys: (pod, old, { deleted }) =>
        deleted ||
        (isTerminal(pod) && !(old && isTerminal(old))) ||
        isPending(pod) ||
        (old && old !== pod && !same(decisiveOfPod(old), decisiveOfPod(pod)))
          ? everything
          : [],
    }),
    watching<Node>({
      resource: nodes,
      keys: (node, old, { deleted }) =>
        !deleted && old && same(places(node), places(old)) ? [] : everything,
    }),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      keys: (claim, old) => (old && same(decisive(claim), decisive(old)) ? [] : everything),
    }),
    watching<PersistentVolume>({
      resource: persistentVolumes,
      // One that somebody has made may be what a Pod waits for; those made for claims show in the claims.
      keys: (volume, old, { deleted }) => (old || deleted || volume.spec?.claimRef ? [] : everything),
    }),
  ],

  async reconcile(_, ctx) {
    const { client } = ctx;
    const all = await client.list(pods);
    if (!all.some(isPending)) return undefined;
    const there = await client.list(nodes);
    const todo = plan(all, there, await factsFor(all, there, ctx));
    await parallel(todo.bind, 64, ({ pod, node }) => assign(pod, node, ctx));
    await parallel(todo.select, 16, ({ claim, node }) => select(claim, node, ctx));
    // First it is written down for whom they leave: a second look finds the room promised.
    await parallel(todo.unschedulable, 16, (each) => refuse(each, ctx));
    await parallel(todo.evict, 16, (each) => evict(each, ctx));
    return undefined;
  },
};

const decisiveOfPod = (pod: Pod) => [pod.metadata.labels, podRequests(asScheduled(pod))];

/** Returns what of a Node decides about places; heartbeats do not. */
const places = ({ metadata, spec, status }: Node) => [
  metadata.labels,
  spec,
  status?.allocatable,
  status?.conditions?.find((c) => c.type === 'Ready')?.status,
];

const decisive = ({ metadata, status }: PersistentVolumeClaim) => [
  status?.phase,
  !metadata.deletionTimestamp,
  metadata.annotations,
];
