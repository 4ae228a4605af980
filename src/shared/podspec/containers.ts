import type { Container, Pod } from '../kinds/schema/types.ts';
import { isSidecar } from './restart.ts';

/** Returns the containers of a Pod, those that run before the others first. */
export const containersOf = ({ spec }: Pick<Pod, 'spec'>): Container[] => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
];

/** Returns the containers that run for as long as the Pod does: sidecars among those before, and all others. */
export const lastingOf = ({ spec }: Pick<Pod, 'spec'>): Container[] => [
  ...(spec?.initContainers ?? []).filter((container) => isSidecar(container, true)),
  ...(spec?.containers ?? []),
];

/** Returns how an Event names one of them. */
export const fieldPathOf = ({ spec }: Pod, name: string): string =>
  `spec.${spec?.containers.some((each) => each.name === name) ? 'containers' : 'initContainers'}{${name}}`;
