import { invalid } from '../../errors/common.ts';
import type {
  DeviceRequest,
  ResourceClaimTemplate,
  ResourceV1ResourceClaim,
} from '../../kinds/schema/types.ts';
import { forbidden } from '../../kinds/validation/causes.ts';
import { ownValue } from '../../meta/table.ts';
import { namespaceRead } from '../namespaceRead.ts';
import type { AdmissionOptions } from '../options.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const label = 'resource.kubernetes.io/admin-access';
const why = `admin access to devices requires the \`${label}: true\` label on the containing namespace`;

/** Claims see devices that others use only in namespaces that are meant for it. */
export const deviceAdmin = ({ storage }: AdmissionOptions): AdmissionPlugin => ({
  name: 'DeviceAdminAccess',
  resources: [
    'resourceclaims.resource.k8s.io',
    'resourceclaimtemplates.resource.k8s.io',
    'resourceclaims.resource.k8s.io/status',
  ],
  operations: ['CREATE', 'UPDATE'],

  validate: async (admission) => {
    const { kind, object, old, name, subresource } = admission;
    if (!object || (old && !subresource)) return;
    const field =
      subresource === 'status'
        ? grantedIn(object as unknown as ResourceV1ResourceClaim, old as unknown as ResourceV1ResourceClaim)
        : askedBy(
            kind.plural === 'resourceclaims'
              ? (object as unknown as ResourceV1ResourceClaim).spec.devices?.requests
              : (object as unknown as ResourceClaimTemplate).spec.spec.devices?.requests,
          );
    if (!field) return;
    const labels = (await namespaceRead(storage, admission))?.index.labels ?? {};
    if (ownValue(labels, label) === 'true') return;
    throw invalid(kind.kind, kind.group, name || (object.metadata.name ?? ''), [forbidden(field, why)]);
  },
});

function askedBy(requests: readonly DeviceRequest[] = []): string | undefined {
  const i = requests.findIndex(({ exactly }) => exactly?.adminAccess);
  return i < 0 ? undefined : `spec.devices.requests[${i}].adminAccess`;
}

/** What has been granted once stays. */
function grantedIn(claim: ResourceV1ResourceClaim, old: ResourceV1ResourceClaim | undefined) {
  const place = ({ status }: ResourceV1ResourceClaim) =>
    (status?.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess);
  const i = place(claim);
  if (i < 0 || (old && place(old) >= 0)) return undefined;
  return `status.allocation.devices.results[${i}].adminAccess`;
}
