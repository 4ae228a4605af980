import type { Reader } from '../../client/client.ts';
import { kinds } from '../../kinds/registry.ts';
import type { ValidatingAdmissionPolicy } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { customResourceDefinitions, validatingAdmissionPolicies } from '../resources.ts';
import { type Subject, subjectsOf, type TypeCheck, warningsAbout } from './plan.ts';

/** Checks the types of the expressions of ValidatingAdmissionPolicies, and reports errors in their status. */
export const validatingAdmissionPolicyStatus: Controller = {
  name: 'validatingadmissionpolicy-status-controller',
  watches: [
    watching<ValidatingAdmissionPolicy>({
      resource: validatingAdmissionPolicies,
      keys: (policy) => (isChecked(policy) ? [] : [keyOf(policy)]),
    }),
  ],

  async reconcile({ cluster, name }, { client, env }) {
    const policy = await client.get(validatingAdmissionPolicies, '', name);
    if (!policy || isChecked(policy)) return undefined;
    const served = [...builtIn(), ...(await custom(env.clients(cluster)))];
    const { apiVersion = '', kind } = policy.spec?.paramKind ?? {};
    const task: TypeCheck = {
      policy,
      subjects: subjectsOf(policy, (group, version, resource) =>
        served.filter((own) => own.group === group && own.version === version && own.resource === resource),
      ),
      params: served.find((own) => own.kind === kind && versionOf(own) === apiVersion),
    };
    const warnings = await (env.checkTypes?.(task, cluster) ?? warningsAbout(task));
    const status = {
      observedGeneration: policy.metadata.generation,
      typeChecking: { expressionWarnings: warnings.length > 0 ? warnings : null },
    };
    await unlessGone(client.patch(validatingAdmissionPolicies, '', name, { status }, 'status'));
    return undefined;
  },
};

const isChecked = ({ metadata, status }: ValidatingAdmissionPolicy): boolean =>
  (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);

interface Served extends Subject {
  readonly resource: string;
}

const versionOf = ({ group, version }: Subject): string => (group ? `${group}/${version}` : version);

const builtIn = (): Served[] =>
  kinds.flatMap(({ group, version, kind, plural, schema }) =>
    schema.goType ? [{ group, version, kind, resource: plural, declared: { goType: schema.goType } }] : [],
  );

/** What follows definitions keeps them without their schemas. */
async function custom(client: Reader): Promise<Served[]> {
  const definitions = await client.list(customResourceDefinitions);
  return definitions.flatMap(({ spec }) =>
    spec.versions.flatMap(({ name: version, served, schema: { openAPIV3Schema: schema } = {} }) => {
      const { kind, plural: resource } = spec.names;
      return served && schema ? [{ group: spec.group, version, kind, resource, declared: { schema } }] : [];
    }),
  );
}
