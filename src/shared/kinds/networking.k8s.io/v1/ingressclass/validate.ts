import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems, regexHint } from '../../../../meta/names.ts';
import type { IngressClass, IngressClassParametersReference } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required, tooLong } from '../../../validation/causes.ts';
import { checked, immutable } from '../../../validation/rules.ts';
import { validReference } from '../ingress/backend.ts';

const longestController = 250;

export function validate({ spec = {} }: IngressClass, old?: IngressClass): Cause[] {
  const field = 'spec.controller';
  const { controller = '', parameters } = spec;
  const causes = old ? immutable(field, controller, old.spec?.controller ?? '') : [];
  if (!controller) causes.push(required(field));
  else {
    if (Buffer.byteLength(controller) > longestController) causes.push(tooLong(field, longestController));
    addAll(causes, validDomainPath(field, controller));
  }
  if (parameters) addAll(causes, validParameters('spec.parameters', parameters));
  return causes;
}

const path = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** `acme.io/foo` */
function validDomainPath(field: string, value: string): Cause[] {
  const at = value.indexOf('/');
  if (at < 1 || at === value.length - 1)
    return [invalidValue(field, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const rest = value.slice(at + 1);
  const causes = checked(field, value.slice(0, at), dns1123SubdomainProblems);
  if (!new RegExp(`^${path}$`).test(rest))
    causes.push(invalidValue(field, rest, regexHint('Invalid path', path)));
  return causes;
}

const scopes = ['Cluster', 'Namespace'];

function validParameters(field: string, parameters: IngressClassParametersReference): Cause[] {
  const { scope, namespace } = parameters;
  const causes = validReference(field, parameters);
  if (scope === undefined) causes.push(required(`${field}.scope`));
  else if (!scopes.includes(scope)) causes.push(notSupported(`${field}.scope`, scope, scopes));
  else if (scope === 'Cluster') {
    const why = "`parameters.scope` is set to 'Cluster'";
    if (namespace !== undefined) causes.push(forbidden(`${field}.namespace`, why));
  } else if (namespace === undefined) {
    causes.push(required(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  } else addAll(causes, checked(`${field}.namespace`, namespace, dns1123LabelProblems));
  return causes;
}
