import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { Column } from '../../../kind.ts';
import { column } from '../../../printing/columns.ts';
import type {
  MutatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBinding,
} from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { matchResourcesCauses } from './matchResources.ts';
import { paramRefCauses } from './paramKind.ts';
import { paramRefText } from './paramRefText.ts';

type Binding = ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding;

/** Returns the findings about it, in the order and the words of Kubernetes. */
export const bindingCauses = ({
  policyName = '',
  paramRef,
  matchResources,
}: NonNullable<Binding['spec']> = {}): Cause[] => [
  ...(policyName
    ? checked('spec.policyName', policyName, dns1123SubdomainProblems)
    : [required('spec.policyName')]),
  ...paramRefCauses('spec.paramRef', paramRef),
  ...matchResourcesCauses('spec.matchResources', matchResources),
];

/** The columns of tables between those of the name and the age. */
export const bindingColumns: Column<Binding>[] = [
  column(
    'PolicyName',
    'PolicyName indicates the policy definition which the policy binding binded to',
    ({ spec }) => spec?.policyName ?? '',
  ),
  column('ParamRef', 'ParamRef indicates the param resource which sets the configuration param', ({ spec }) =>
    paramRefText(spec?.paramRef),
  ),
];
