import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '../../../kinds/schema/types.ts';
import { ownValue } from '../../../meta/table.ts';
import { claimNames, foreignClaim } from '../../../podspec/claims.ts';
import { bestFor, classOf } from '../../persistentvolume/match.ts';
import { selectedNode } from '../../persistentvolume/names.ts';
import { isReachable, waitsForConsumer } from '../../persistentvolume/topology.ts';
import type { Facts } from '../facts.ts';
import { type Filter, forGood, type Prepared, type Score } from '../plugin.ts';

/** Keeps Pods off Nodes that their volumes do not reach, and waiting for claims that have none. */
export const volumeBinding: Filter = {
  name: 'VolumeBinding',
  prepare(pod, { facts }): Prepared | undefined {
    const names = claimNames(pod);
    if (names.length === 0) return undefined;
    const refusal = names.map((name) => missing(name, pod, facts)).find((why) => why !== undefined);
    if (refusal) return { refusal };
    const claims = claimsOf(pod, facts);
    const waiting = claims.filter((claim) => !isBound(claim));
    if (waiting.some((claim) => !waitsForConsumer(classFor(claim, facts))))
      return { refusal: 'pod has unbound immediate PersistentVolumeClaims' };
    const bound = claims.filter(isBound).map((claim) => volumeOf(claim, facts));
    return {
      check({ node }) {
        if (bound.some((volume) => volume === 'gone')) return gone;
        if (bound.some((volume) => isVolume(volume) && !isReachable(volume, node))) return elsewhere;
        return waiting.every((claim) => canHave(claim, node, facts)) ? undefined : unavailable;
      },
    };
  },
};

/** Keeps Pods in the zones of their volumes. */
export const volumeZone: Filter = {
  name: 'VolumeZone',
  prepare(pod, { facts }) {
    if (facts.volumes.length === 0) return undefined;
    const labels = claimsOf(pod, facts).flatMap((claim) => zonesOf(volumeOf(claim, facts)));
    if (labels.length === 0) return undefined;
    return {
      check({ node }) {
        const own = node.metadata.labels;
        // A Node of no zone at all is not asked.
        if (!zoneLabels.some((label) => ownValue(own, label) !== undefined)) return undefined;
        const fits = labels.every(({ label, zones }) => zones.includes(ownValue(own, label) ?? ''));
        return fits ? undefined : forGood('node(s) had no available volume zone');
      },
    };
  },
};

/** Prefers the Node that a Pod's volumes were made for. */
export const volumePreference: Score = {
  name: 'VolumeBinding',
  weight: 100,
  prepare(pod, { facts }) {
    const chosen = new Set(claimsOf(pod, facts).flatMap((claim) => selectedNode(claim) ?? []));
    return chosen.size === 0 ? undefined : { score: ({ name }) => (chosen.has(name) ? 1 : 0) };
  },
};

/** The claims of a Pod for which a Node has to be chosen before they get their volumes. */
export const undecidedClaims = (pod: Pod, facts: Facts): PersistentVolumeClaim[] =>
  claimsOf(pod, facts).filter((claim) => !isBound(claim));

const gone = forGood('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
const elsewhere = forGood("node(s) didn't match PersistentVolume's node affinity");
const unavailable = forGood("node(s) didn't find available persistent volumes to bind");

function missing(name: string, pod: Pod, { claims }: Facts): string | undefined {
  const claim = claims.get(`${pod.metadata.namespace}/${name}`);
  if (!claim) return absent(name, pod);
  if (claim.status?.phase === 'Lost')
    return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`;
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  return foreignClaim(pod, claim);
}

const absent = (name: string, { spec }: Pod): string =>
  spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name)
    ? `persistentvolumeclaim "${name}" not found`
    : `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`;

const claimsOf = (pod: Pod, { claims }: Facts): PersistentVolumeClaim[] =>
  claimNames(pod).flatMap((name) => claims.get(`${pod.metadata.namespace}/${name}`) ?? []);

const isBound = ({ status }: PersistentVolumeClaim): boolean => status?.phase === 'Bound';

const classFor = (claim: PersistentVolumeClaim, { classes }: Facts): StorageClass | undefined =>
  classes.get(classOf(claim) ?? '');

/** Undefined where volumes were not read, since they reach every Node. */
function volumeOf(claim: PersistentVolumeClaim, { volumes }: Facts): PersistentVolume | 'gone' | undefined {
  if (volumes.length === 0) return undefined;
  return volumes.find(({ metadata }) => metadata.name === claim.spec?.volumeName) ?? 'gone';
}

const isVolume = (volume: ReturnType<typeof volumeOf>): volume is PersistentVolume =>
  volume !== undefined && volume !== 'gone';

/** A volume that is there, or one that can be made. What has been promised to another Node stays there. */
function canHave(claim: PersistentVolumeClaim, node: Node, facts: Facts): boolean {
  const chosen = selectedNode(claim);
  if (chosen !== undefined) return chosen === node.metadata.name;
  const reachable = facts.volumes.filter((volume) => isReachable(volume, node));
  if (bestFor(claim, reachable)) return true;
  const { provisioner, allowedTopologies } = classFor(claim, facts) ?? {};
  if (!provisioner || provisioner === 'kubernetes.io/no-provisioner') return false;
  return (
    !allowedTopologies?.length ||
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) =>
        values.includes(ownValue(node.metadata.labels, key) ?? ''),
      ),
    )
  );
}

const zoneLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

function zonesOf(volume: ReturnType<typeof volumeOf>): { label: string; zones: string[] }[] {
  if (!isVolume(volume)) return [];
  return zoneLabels.flatMap((label) => {
    const value = ownValue(volume.metadata.labels, label);
    return value === undefined ? [] : [{ label, zones: value.split('__') }];
  });
}
