/** Says where a webhook is reached, and which reviews it understands. */
import type { Cause } from '../../errors/apiError.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../meta/names.ts';
import type { ServiceReference, WebhookClientConfig } from '../schema/types.ts';
import { invalidValue, required } from './causes.ts';
import { checked } from './rules.ts';

/** Findings about where a webhook is reached. */
export function clientConfigCauses(field: string, { url, service }: WebhookClientConfig): Cause[] {
  if ((url === undefined) === (service === undefined))
    return [required(field, 'exactly one of url or service is required')];
  if (url !== undefined) return urlCauses(url, `${field}.url`);
  return service ? serviceCauses(service, `${field}.service`) : [];
}

/** Versions of reviews that this server and the one before it know. */
const reviewVersions = ['v1', 'v1beta1'];

/** Returns whether this server can send one of these reviews. */
export const includesKnownVersion = (versions: readonly string[]): boolean =>
  versions.some((version) => reviewVersions.includes(version));

/** @param needsKnown Whether one of them has to be known. @param hint What is said when there is none. */
export function reviewVersionCauses(
  field: string,
  versions: readonly string[],
  needsKnown = true,
  hint = '',
): Cause[] {
  if (versions.length === 0) return [required(field, hint)];
  const causes = versions.flatMap((version, i) => {
    const at = `${field}[${i}]`;
    return versions.indexOf(version) < i
      ? [invalidValue(at, version, 'duplicate version')]
      : checked(at, version, dns1035LabelProblems);
  });
  if (needsKnown && !includesKnownVersion(versions))
    causes.push(invalidValue(field, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  return causes;
}

const form = '; desired format: https://host[/path]';

function urlCauses(text: string, path: string): Cause[] {
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

/** Upstream mixes up the two names: an empty namespace is reported of `name`. */
function serviceCauses({ name, namespace, path: at, port = 443 }: ServiceReference, path: string): Cause[] {
  const causes: Cause[] = [];
  if (!namespace) causes.push(required(`${path}.name`));
  if (!name) causes.push(required(`${path}.namespace`));
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
