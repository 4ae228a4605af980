import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems, pathSegmentProblems } from '../../../../meta/names.ts';
import { goText } from '../../../schema/goText.ts';
import type { IPAddress, ParentReference } from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { checked, immutable } from '../../../validation/rules.ts';

export const validate = ({ spec }: IPAddress, old?: IPAddress): Cause[] => [
  ...validParent('spec.parentRef', spec?.parentRef),
  ...(old
    ? immutable(
        'spec.parentRef',
        spec?.parentRef,
        old.spec?.parentRef,
        () => spec?.parentRef && goText('ParentReference', spec.parentRef),
      )
    : []),
];

function validParent(at: string, parent: ParentReference | undefined): Cause[] {
  if (!parent) return [required(at)];
  const { group, resource, name, namespace } = parent;
  return [
    ...(group ? checked(`${at}.group`, group, dns1123SubdomainProblems) : []),
    ...segment(`${at}.resource`, resource),
    ...segment(`${at}.name`, name),
    ...(namespace ? checked(`${at}.namespace`, namespace, pathSegmentProblems) : []),
  ];
}

const segment = (field: string, value: string | undefined): Cause[] =>
  value ? checked(field, value, pathSegmentProblems) : [required(field)];
