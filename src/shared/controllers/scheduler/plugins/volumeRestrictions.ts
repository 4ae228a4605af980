import { claimNames } from '../../../podspec/claims.ts';
import { type Filter, meanwhile } from '../plugin.ts';

/** Keeps Pods waiting for claims that one Pod alone may use while another has them. */
export const volumeRestrictions: Filter = {
  name: 'VolumeRestrictions',
  prepare(pod, { facts, places }) {
    const { namespace } = pod.metadata;
    const exclusive = claimNames(pod).filter((name) =>
      facts.claims.get(`${namespace}/${name}`)?.spec?.accessModes?.includes('ReadWriteOncePod'),
    );
    if (exclusive.length === 0) return undefined;
    const isTaken = places.some(({ pods }) =>
      [...pods].some(
        (other) =>
          other !== pod &&
          other.metadata.namespace === namespace &&
          claimNames(other).some((name) => exclusive.includes(name)),
      ),
    );
    return isTaken ? { check: () => inUse } : undefined;
  },
};

const inUse = meanwhile(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);
