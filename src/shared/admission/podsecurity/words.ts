/** Is what the checks have in common: containers of a Pod, and the words about those that are not allowed. */
import type { Container, Pod, PodSpec, SecurityContext } from '../../kinds/schema/types.ts';

/** Describes what a check looks at. */
export interface Checked {
  metadata: Pod['metadata'];
  spec: PodSpec;
}

/** Describes why a Pod is not allowed. */
export interface Violation {
  reason: string;
  detail: string;
}

/** Looks at a Pod; undefined when it is allowed. */
export type Check = (pod: Checked) => Violation | undefined;

type AnyContainer = Pick<
  Container,
  'name' | 'securityContext' | 'ports' | 'livenessProbe' | 'readinessProbe' | 'startupProbe' | 'lifecycle'
>;

/** Init containers, containers and ephemeral containers, in the order in which messages name them. */
export const containersOf = ({
  initContainers = [],
  containers,
  ephemeralContainers = [],
}: PodSpec): AnyContainer[] => [...initContainers, ...(containers ?? []), ...ephemeralContainers];

/** Names of the containers of which something is so. */
export const containersWith = (
  { spec }: Checked,
  isSo: (context: SecurityContext | undefined, container: AnyContainer) => boolean,
): string[] =>
  containersOf(spec)
    .filter((container) => isSo(container.securityContext, container))
    .map(({ name }) => name);

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');

export const plural = (singular: string, count: number, many = `${singular}s`): string =>
  count === 1 ? singular : many;

/** `container "a"` or `containers "a", "b"` */
export const named = (what: string, names: readonly string[]): string =>
  `${plural(what, names.length)} ${quoted(names)}`;

/** `pod`, its containers or both; empty when there is neither. */
export const setters = (isPod: boolean, containers: readonly string[]): string =>
  [...(isPod ? ['pod'] : []), ...(containers.length > 0 ? [named('container', containers)] : [])].join(
    ' and ',
  );

/** Each once, in order. */
export const sorted = (items: readonly string[]): string[] => [...new Set(items)].sort();
