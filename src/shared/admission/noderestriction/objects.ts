import { certificateRequestIn } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/certificateRequest.ts';
import type {
  CertificateSigningRequest,
  PersistentVolumeClaim,
  ResourceSlice,
} from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { Problem } from './index.ts';

/** A node tells how large a volume has become, and no more of a claim. */
export const claimProblem: Problem = ({ node, admission }) => {
  const { operation, subresource, object, old } = admission;
  if (subresource !== 'status') return 'may only update PVC status';
  if (operation !== 'UPDATE') return `unexpected operation ${JSON.stringify(operation)}`;
  const rest = (claim: unknown) => {
    const { metadata, status, ...others } = claim as PersistentVolumeClaim;
    const { resourceVersion: _revision, managedFields: _owners, ...kept } = metadata;
    const { capacity: _capacity, conditions: _conditions, ...told } = status ?? {};
    const { allocatedResourceStatuses: _statuses, allocatedResources: _amounts, ...phase } = told;
    return { ...others, metadata: kept, status: phase };
  };
  return isSame(rest(old), rest(object))
    ? undefined
    : `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`;
};

/** A node renews its own Lease. */
export const leaseProblem: Problem = ({ node, admission }) => {
  if (admission.namespace !== 'kube-node-lease')
    return 'can only access leases in the "kube-node-lease" system namespace';
  return admission.name === node
    ? undefined
    : 'can only access node lease with the same name as the requesting node';
};

/** A node says which drivers it has. */
export const storageProblem: Problem = ({ node, admission }) =>
  admission.name === node ? undefined : 'can only access CSINode with the same name as the requesting node';

/** A node says which devices it has. */
export const sliceProblem: Problem = ({ node, admission }) => {
  const { operation, object, old } = admission;
  const slice = (operation === 'CREATE' ? object : old) as ResourceSlice | undefined;
  if (operation !== 'CREATE' && operation !== 'DELETE') return undefined;
  return slice?.spec?.nodeName === node
    ? undefined
    : `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`;
};

const ofKubelets = ['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet'];

/** A node asks for certificates in its own name. */
export const requestProblem: Problem = ({ node, admission }) => {
  if (admission.operation !== 'CREATE') return undefined;
  const { spec } = admission.object as unknown as CertificateSigningRequest;
  if (!ofKubelets.includes(spec.signerName)) return undefined;
  try {
    const name = `system:node:${node}`;
    return certificateRequestIn(spec.request).commonName === name
      ? undefined
      : `can only create a node CSR with CN=${name}`;
  } catch (error) {
    return `unable to parse csr: ${(error as Error).message}`;
  }
};
