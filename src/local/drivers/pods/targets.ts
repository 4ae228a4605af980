import { ConfigError } from '../../../shared/podspec/context.ts';
import type { Run } from './sandbox.ts';

/** Returns the refusal of a container whose target does not run, in the words of containerd: it is tried again. */
export const invalidTarget = ({ ref, container, number }: Run, state: 'CREATED' | 'EXITED'): ConfigError =>
  new ConfigError(
    `invalid target container: container "${ref.uid}/${container}/${number}" is not running - in state CONTAINER_${state}`,
    'CreateContainerError',
  );
