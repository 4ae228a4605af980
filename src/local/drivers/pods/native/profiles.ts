import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';

/**
 * Throws ConfigError for a container that asks for a profile of its node, as none is put into force here: it was not to run
 * without. `RuntimeDefault` leaves to the runtime what that is. A privileged container has no filter of system calls anywhere.
 */
export function refuseProfiles({ securityContext: own }: Container, spec: PodSpec | undefined): void {
  const seccomp = own?.seccompProfile ?? spec?.securityContext?.seccompProfile;
  const appArmor = own?.appArmorProfile ?? spec?.securityContext?.appArmorProfile;
  if (seccomp?.type === 'Localhost' && !own?.privileged) throw refused('seccomp');
  if (appArmor?.type === 'Localhost') throw refused('AppArmor');
}

const refused = (kind: string) =>
  new ConfigError(`${kind} profiles of type Localhost are not served by this runtime`);
