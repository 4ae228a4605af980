/** Where a webhook is reached. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type { ApiextensionsV1ServiceReference } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';

const form = '; desired format: https://host[/path]';

export function urlCauses(text: string, path: string): Cause[] {
  const [, scheme = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  const authority = /^\/\/([^/?#]*)/.exec(rest)?.[1] ?? '';
  const [user, host = ''] = authority.includes('@') ? authority.split(/@(?=[^@]*$)/) : [undefined, authority];
  const fragment = /#(.*)$/s.exec(rest)?.[1];
  const query = /\?([^#]*)/.exec(rest)?.[1];
  const causes: Cause[] = [];
  if (scheme !== 'https')
    causes.push(invalidValue(path, scheme, `'https' is the only allowed URL scheme${form}`));
  if (!host) causes.push(invalidValue(path, host, `host must be specified${form}`));
  if (user !== undefined)
    causes.push(invalidValue(path, user, 'user information is not permitted in the URL'));
  if (fragment) causes.push(invalidValue(path, fragment, 'fragments are not permitted in the URL'));
  if (query) causes.push(invalidValue(path, query, 'query parameters are not permitted in the URL'));
  return causes;
}

export function serviceCauses(
  { name, namespace, path: at, port = 443 }: ApiextensionsV1ServiceReference,
  path: string,
): Cause[] {
  const causes: Cause[] = [];
  if (!name) causes.push(required(`${path}.name`));
  if (!namespace) causes.push(required(`${path}.namespace`));
  if (port < 1 || port > 65535)
    causes.push(
      invalidValue(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'),
    );
  return [...causes, ...pathCauses(at ?? '', `${path}.path`)];
}

function pathCauses(text: string, field: string): Cause[] {
  if (text === '' || text === '/') return [];
  if (text === '//') return [invalidValue(field, text, 'segment[0] may not be empty')];
  const causes = text.startsWith('/') ? [] : [invalidValue(field, text, "must start with a '/'")];
  const steps = text.slice(1).replace(/\/$/, '').split('/');
  return [
    ...causes,
    ...steps.flatMap((step, i) =>
      step
        ? dns1123SubdomainProblems(step).map((why) => invalidValue(field, text, `segment[${i}]: ${why}`))
        : [invalidValue(field, text, `segment[${i}] may not be empty`)],
    ),
  ];
}
