import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123SubdomainProblems, regexHint } from '../../../../../meta/names.ts';
import type { HostAlias, PodSpec } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { legacyIP } from '../../../../validation/legacyIP.ts';
import { checked } from '../../../../validation/rules.ts';

const most = { nameservers: 3, searches: 32, characters: 2048 };

/** Returns what is wrong with dnsConfig, which the policy None cannot do without. */
export function validDnsConfig(field: string, { dnsConfig, dnsPolicy }: PodSpec): Cause[] {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (!dnsConfig.nameservers?.length) {
      const hint = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return [required(`${field}.nameservers`, hint)];
    }
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const causes: Cause[] = [];
  if (nameservers.length > most.nameservers) {
    const why = `must not have more than ${most.nameservers} nameservers`;
    causes.push(invalidValue(`${field}.nameservers`, nameservers, why));
  }
  addAll(
    causes,
    nameservers.flatMap((ip, i) => legacyIP(`${field}.nameservers[${i}]`, ip)),
  );
  addAll(causes, validSearches(`${field}.searches`, searches));
  options.forEach(({ name }, i) => {
    if (!name) causes.push(required(`${field}.options[${i}]`, 'must not be empty'));
  });
  return causes;
}

function validSearches(field: string, searches: string[]): Cause[] {
  const causes: Cause[] = [];
  if (searches.length > most.searches) {
    causes.push(invalidValue(field, searches, `must not have more than ${most.searches} search paths`));
  }
  if (searches.join(' ').length > most.characters) {
    const why = `must not have more than ${most.characters} characters (including spaces) in the search list`;
    causes.push(invalidValue(field, searches, why));
  }
  searches.forEach((search, i) => {
    if (search !== '.') addAll(causes, checked(`${field}[${i}]`, search.replace(/\.$/, ''), searchProblems));
  });
  return causes;
}

const label = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const pattern = new RegExp(`^(?:${subdomain})$`);
const hint = regexHint(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  subdomain,
  'example.com',
);

/** As a subdomain; underscores are allowed too. */
function searchProblems(name: string): string[] {
  const problems = name.length > 253 ? ['must be no more than 253 characters'] : [];
  return pattern.test(name) ? problems : [...problems, hint];
}

/** Returns what is wrong with the lines that a Pod adds to its /etc/hosts. */
export const validHostAliases = (field: string, aliases: HostAlias[]): Cause[] =>
  aliases.flatMap(({ ip, hostnames = [] }, i) => [
    ...legacyIP(`${field}[${i}].ip`, ip),
    ...hostnames.flatMap((name, j) =>
      checked(`${field}[${i}].hostnames[${j}]`, name, dns1123SubdomainProblems),
    ),
  ]);
