/** Is what goes with the namespaces of the host, and what does not. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type { PodSpec } from '../../../../schema/types.ts';
import { forbidden, tooLong } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';
import { containersOf } from './os.ts';

/** Users of its own exclude everything of the host. */
export function validHostUsers(field: string, spec: PodSpec): Cause[] {
  if (spec.hostUsers !== false) return [];
  const why = 'when `hostUsers` is false';
  const causes: Cause[] = [];
  if (spec.hostNetwork) causes.push(forbidden(`${field}.hostNetwork`, why));
  // Kubernetes writes these two with a capital letter.
  if (spec.hostPID) causes.push(forbidden(`${field}.HostPID`, why));
  if (spec.hostIPC) causes.push(forbidden(`${field}.HostIPC`, why));
  for (const [at, { volumeDevices }] of containersOf(field, spec)) {
    if (volumeDevices?.length) causes.push(forbidden(`${at}.volumeDevices`, why));
  }
  return causes;
}

const mostBytes = 64;

/** Returns what is wrong with hostnameOverride, which other settings of the host name exclude. */
export function validHostnameOverride(field: string, spec: PodSpec): Cause[] {
  const { hostnameOverride: name, setHostnameAsFQDN, hostNetwork } = spec;
  if (name === undefined) return [];
  const at = `${field}.hostnameOverride`;
  const causes: Cause[] = [];
  if (setHostnameAsFQDN) causes.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'));
  if (hostNetwork) causes.push(forbidden(at, 'may not be specified when hostNetwork is true'));
  if (Buffer.byteLength(name) > mostBytes) causes.push(tooLong(at, mostBytes));
  return [...causes, ...checked(at, name, dns1123SubdomainProblems)];
}
