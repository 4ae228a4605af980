import { nodeOf } from '../../auth/user.ts';
import { resourceName } from '../../kinds/kind.ts';
import { table } from '../../meta/table.ts';
import type { Storage } from '../../ports/storage.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { nodeProblem } from './nodes.ts';
import { claimProblem, leaseProblem, requestProblem, sliceProblem, storageProblem } from './objects.ts';
import { podProblem, tokenProblem } from './pods.ts';

/** Describes what a node wants to do, and what is stored beside it. */
export interface NodeRequest {
  readonly node: string;
  readonly admission: Admission;
  readonly storage: Storage;
}

/** Describes why a node may not do it; undefined when it may. */
export type Problem = (request: NodeRequest) => Promise<string | undefined> | string | undefined;

const problems: Readonly<Record<string, Problem>> = table({
  pods: podProblem,
  nodes: nodeProblem,
  persistentvolumeclaims: claimProblem,
  serviceaccounts: tokenProblem,
  'leases.coordination.k8s.io': leaseProblem,
  'csinodes.storage.k8s.io': storageProblem,
  'resourceslices.resource.k8s.io': sliceProblem,
  'certificatesigningrequests.certificates.k8s.io': requestProblem,
});

/** Lets kubelets change their own Node and what is on it, and nothing else, whatever roles give them. */
export const nodeRestriction = (storage: Storage): AdmissionPlugin => ({
  name: 'NodeRestriction',
  resources: Object.keys(problems).flatMap((resource) => [resource, `${resource}/*`]),
  admit: (admission) => {
    const node = nodeOf(admission.user);
    return node !== undefined && restrict({ node, admission, storage });
  },
});

async function restrict(request: NodeRequest): Promise<boolean> {
  const { kind, name, object, user } = request.admission;
  const problem =
    request.node === ''
      ? `could not determine node from user ${JSON.stringify(user.name)}`
      : await problems[resourceName(kind)]?.(request);
  if (problem) throw refused(kind, name || (object?.metadata.name ?? ''), problem);
  return false;
}
