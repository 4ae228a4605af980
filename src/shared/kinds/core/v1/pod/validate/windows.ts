/** Is what only a Windows Pod may say, and the name of a user there. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type { WindowsSecurityContextOptions } from '../../../../schema/types.ts';
import { checked } from '../../../../validation/rules.ts';

const most = { specKiB: 64, domain: 256, user: 104 };

/** Returns what is wrong with the Windows options of a security context, whatever the Pod's operating system. */
export function validWindowsOptions(
  field: string,
  options: WindowsSecurityContextOptions | undefined,
): Cause[] {
  if (!options) return [];
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  const causes: Cause[] = [];
  if (name !== undefined) {
    addAll(causes, checked(`${field}.gmsaCredentialSpecName`, name, dns1123SubdomainProblems));
  }
  if (spec !== undefined) addAll(causes, checked(`${field}.gmsaCredentialSpec`, spec, specProblems));
  if (user !== undefined) addAll(causes, checked(`${field}.runAsUserName`, user, userProblems));
  return causes;
}

function specProblems(spec: string): string[] {
  if (!spec) return ['gmsaCredentialSpec cannot be an empty string'];
  const isLarge = Buffer.byteLength(spec) > most.specKiB * 1024;
  return isLarge ? [`gmsaCredentialSpec size must be under ${most.specKiB} KiB`] : [];
}

const control = /\p{Cc}/u;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dns = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

/** `DOMAIN\user`, the domain optional. */
function userProblems(name: string): string[] {
  if (!name) return ['runAsUserName cannot be an empty string'];
  if (control.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0] : undefined;
  return [...(domain === undefined ? [] : domainProblems(domain)), ...accountProblems(user)].map(
    (why) => `runAsUserName's ${why}`,
  );
}

function domainProblems(domain: string): string[] {
  const isLong = domain.length >= most.domain;
  return [
    ...(isLong ? [`Domain length must be under ${most.domain} characters`] : []),
    ...(netBios.test(domain) || dns.test(domain)
      ? []
      : ["Domain doesn't match the NetBios nor the DNS format"]),
  ];
}

function accountProblems(user: string): string[] {
  const problems: string[] = [];
  if (!user) problems.push('User cannot be empty');
  else if (user.length > most.user)
    problems.push(`User length must not be longer than ${most.user} characters`);
  if (/^[. ]+$/.test(user)) problems.push('User cannot contain only periods or spaces');
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    problems.push('User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return problems;
}
