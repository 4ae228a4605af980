import type { EphemeralContainer } from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';
import type { Launch } from '../sandbox.ts';
import { type ContainerRecord, runOf } from './records.ts';
import { type PodScope, specOf } from './scope.ts';

/**
 * Returns whose processes an ephemeral container is to be among: its target's, unless its Pod says that containers are among
 * each other's or the machine's anyway. Throws ConfigError in kubelet's words where the target has never run.
 */
export function targetOf(scope: PodScope, c: ContainerRecord): Pick<Launch, 'target'> {
  const name = c.ephemeral && (specOf(scope, c) as EphemeralContainer).targetContainerName;
  if (!name) return {};
  const { ref, pod, record } = scope;
  const target = record.containers.find((each) => each.name === name && each.runs > 0);
  if (!target) throw new ConfigError(`unable to find target container ${name}`);
  return pod.spec?.hostPID || pod.spec?.shareProcessNamespace ? {} : { target: runOf(ref, target) };
}
