/** Is what confines a container: seccomp and AppArmor. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { AppArmorProfile, SeccompProfile } from '../../../../schema/types.ts';
import { invalidValue, notSupported, required, tooLong } from '../../../../validation/causes.ts';
import { descendingPath } from '../../../../validation/paths.ts';

const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];

/** Returns what is wrong with a seccomp profile: Localhost needs a file, other types take none. */
export function validSeccomp(field: string, profile: SeccompProfile | undefined): Cause[] {
  if (!profile) return [];
  const { type, localhostProfile: file } = profile;
  const at = `${field}.localhostProfile`;
  const causes: Cause[] = [];
  if (!type) causes.push(required(`${field}.type`, 'type is required when seccompProfile is set'));
  else if (!types.includes(type)) causes.push(notSupported(`${field}.type`, type, types));
  if (type === 'Localhost') {
    if (file === undefined) causes.push(required(at, 'must be set when seccomp type is Localhost'));
    else addAll(causes, descendingPath(at, file));
  } else if (file !== undefined) {
    // Kubernetes shows the whole profile.
    const shown = { Type: type ?? '', LocalhostProfile: file };
    causes.push(invalidValue(at, shown, 'can only be set when seccomp type is Localhost'));
  }
  return causes;
}

/** The longest path there is. */
const mostBytes = 4095;

/** Returns what is wrong with an AppArmor profile: Localhost needs a name, other types take none. */
export function validAppArmor(field: string, profile: AppArmorProfile | undefined): Cause[] {
  if (!profile) return [];
  const { type, localhostProfile: name } = profile;
  if (!type) return [required(`${field}.type`, 'type is required when appArmorProfile is set')];
  if (!types.includes(type)) return [notSupported(`${field}.type`, type, types)];
  const at = `${field}.localhostProfile`;
  if (type !== 'Localhost') {
    if (name === undefined) return [];
    return [invalidValue(at, name, 'can only be set when AppArmor type is Localhost')];
  }
  const causes: Cause[] = [];
  if (!name) causes.push(required(at, 'must be set when AppArmor type is Localhost'));
  else if (name !== name.trim()) causes.push(invalidValue(at, name, 'must not be padded with whitespace'));
  if (Buffer.byteLength(name ?? '') > mostBytes) causes.push(tooLong(at, mostBytes));
  return causes;
}
