import type { Attributes, Authorizer } from '../../auth/authorize.ts';
import { masters, type User } from '../../auth/user.ts';
import { invalid } from '../../errors/common.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { ParamKind } from '../../kinds/schema/types.ts';
import { forbidden } from '../../kinds/validation/causes.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { ownValue } from '../../meta/table.ts';
import type { Storage } from '../../ports/storage.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import type { Binding, Policy } from '../policy/hooks.ts';
import { paramPlaces } from '../policy/params.ts';

const group = 'admissionregistration.k8s.io';
/** Policies by their bindings. */
const policiesOf = {
  [`validatingadmissionpolicybindings.${group}`]: `validatingadmissionpolicies.${group}`,
  [`mutatingadmissionpolicybindings.${group}`]: `mutatingadmissionpolicies.${group}`,
};

/** Nobody has a policy read, as its parameters, what they may not read themselves. */
export function parameterAccess(storage: Storage, authorizer: Authorizer): AdmissionPlugin {
  const placeOf = paramPlaces(storage);

  const asked = async (cluster: string, kind: ParamKind | undefined): Promise<Attributes['resource']> => {
    if (!kind) return { group: '*', version: '*', plural: '*' };
    const { apiVersion = '' } = kind;
    const [first = '', second] = apiVersion.split('/');
    const place = await placeOf(cluster, kind);
    return {
      group: second === undefined ? '' : first,
      version: second ?? first,
      plural: place?.plural ?? '*',
    };
  };
  const may = async (
    { cluster, user }: Admission,
    attributes: Pick<Attributes, 'verb' | 'resource' | 'namespace' | 'name'>,
  ) => (await authorizer.decide({ cluster, user, path: '', ...attributes })).allowed;

  const checkPolicy = async (admission: Admission, policy: Policy, old: Policy | undefined) => {
    const kind = policy.spec?.paramKind;
    if (!kind || (old && isSame(old.spec?.paramKind, kind))) return;
    const resource = await asked(admission.cluster, kind);
    if (await may(admission, { verb: 'get', resource, namespace: '*', name: '*' })) return;
    const what = `all objects of the referenced paramKind (kind=${kind.kind}, apiVersion=${kind.apiVersion})`;
    refuse(
      admission,
      'spec.paramKind',
      `user ${shown(admission.user)} must have "get" permission on ${what}`,
    );
  };

  const checkBinding = async (
    admission: Admission,
    { spec }: Binding,
    old: Binding | undefined,
    policies: string,
  ) => {
    const ref = spec?.paramRef;
    if (!ref) return;
    if (old && isSame(old.spec?.paramRef, ref) && old.spec?.policyName === spec.policyName) return;
    const { cluster, user } = admission;
    const { policyName = '' } = spec;
    const stored = await storage.get({ cluster, resource: policies, namespace: '', name: policyName });
    const policy = stored && (JSON.parse(Buffer.from(stored.value).toString()) as Policy);
    const resource = await asked(cluster, policy?.spec?.paramKind);
    const verb = ref.name ? 'get' : 'list';
    const { namespace, name } = ref;
    if (await may(admission, { verb, resource, ...(namespace && { namespace }), ...(name && { name }) }))
      return;
    const who = `user ${shown(user)} does not have "${verb}" permission`;
    refuse(
      admission,
      'spec.paramRef',
      policy
        ? `${who} on the object referenced by paramRef`
        : `unable to get policy ${policyName} to determine minimum required permissions and ${who} for all groups, versions and resources`,
    );
  };

  return {
    name: 'ParameterAccess',
    resources: Object.entries(policiesOf).flat(),
    validate: async (admission) => {
      const { object, old, user, kind } = admission;
      if (!object || user.groups.includes(masters)) return;
      const policies = ownValue(policiesOf, resourceName(kind));
      if (policies === undefined) await checkPolicy(admission, object as Policy, old as Policy | undefined);
      else await checkBinding(admission, object as Binding, old as Binding | undefined, policies);
    },
  };
}

function refuse({ kind, name, object }: Admission, field: string, why: string): never {
  throw invalid(kind.kind, group, name || (object?.metadata.name ?? ''), [forbidden(field, why)]);
}

/** As Go prints a user. */
function shown({ name, uid = '', groups, extra = {} }: User): string {
  const more = Object.entries(extra).map(([key, values]) => `${key}:[${values.join(' ')}]`);
  return `&{${name} ${uid} [${groups.join(' ')}] map[${more.sort().join(' ')}]}`;
}
