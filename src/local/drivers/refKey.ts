import type { ServiceRef } from '../../shared/ports/cloud.ts';

/** Says which object it is, of all logical clusters: a fork has the uids of its base. */
export const refKey = ({ cluster, uid }: ServiceRef): string => `${cluster} ${uid}`;
