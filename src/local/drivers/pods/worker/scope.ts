import type { Clock } from '../../../../shared/clock/clock.ts';
import type { Container, ContainerState, Pod } from '../../../../shared/kinds/schema/types.ts';
import type { BackOffPolicy } from '../../../../shared/podspec/backOff.ts';
import type { PodContext } from '../../../../shared/podspec/context.ts';
import type { PodRef, PodSources, RuntimeEvent } from '../../../../shared/ports/cloud.ts';
import type { HostPorts } from '../../podNetwork.ts';
import type { Sandbox } from '../sandbox.ts';
import type { ProbeCounts } from './probeCounts.ts';
import type { Pulse } from './pulse.ts';
import type { ContainerRecord, PodRecord } from './records.ts';
import type { VolumeUsers } from './volumeUsers.ts';

/** Describes what every Pod of a runtime shares. */
export interface WorkerDeps {
  sandbox: Sandbox;
  clock: Clock;
  backOff: BackOffPolicy;
  /** Says how long to wait before something missing (a ConfigMap, a volume) is looked for again. */
  retryMs: number;
  /** Says how often ConfigMap, Secret and token files are brought up to date. */
  refreshMs: number;
  allocatable: Record<string, string>;
  hostIP: string;
  /** Says where files that are not to be written to a disk stand; undefined where there is no such place. */
  memory: string | undefined;
  /** Says which Pods mount a folder through a claim. */
  volumeUsers: VolumeUsers;
  /** Undefined where host ports are not served. */
  hostPorts: HostPorts | undefined;
  probes: ProbeCounts;
  event(ref: PodRef, event: RuntimeEvent): void;
}

/** A Pod as the parts of its worker see it. */
export interface PodScope {
  deps: WorkerDeps;
  ref: PodRef;
  /** As last given to ensure(). */
  pod: Pod;
  record: PodRecord;
  /** Undefined until a control plane that adopted it has been asked for it. */
  sources: PodSources | undefined;
  /** Says where its volumes stand. */
  folder: string;
  /** Beats with everything that happens to the Pod. */
  pulse: Pulse;
  /** Writes the record down and tells that the Pod has changed. */
  save(): void;
}

export const contextOf = (scope: PodScope): PodContext => ({
  ref: scope.ref,
  pod: scope.pod,
  sources: scope.sources!,
  podIP: scope.record.ip ?? '',
  hostIP: scope.deps.hostIP,
  allocatable: scope.deps.allocatable,
});

export const specOf = ({ pod }: PodScope, c: ContainerRecord): Container =>
  specsOf(pod)[sortOf(c)].get(c.name) ?? { name: c.name };

const sortOf = ({ init, ephemeral }: ContainerRecord) =>
  ephemeral ? 'ephemeralContainers' : init ? 'initContainers' : 'containers';

type Specs = Record<ReturnType<typeof sortOf>, Map<string, Container>>;
const known = new WeakMap<Pod, Specs>();

/** By name: a Pod may have thousands of containers, and each of them is looked for at every step. */
function specsOf(pod: Pod): Specs {
  let specs = known.get(pod);
  if (!specs) {
    const byName = (containers: Container[] = []) => new Map(containers.map((each) => [each.name, each]));
    specs = {
      initContainers: byName(pod.spec?.initContainers),
      containers: byName(pod.spec?.containers),
      ephemeralContainers: byName(pod.spec?.ephemeralContainers as Container[] | undefined),
    };
    known.set(pod, specs);
  }
  return specs;
}

export function tell(
  { deps, ref }: PodScope,
  type: RuntimeEvent['type'],
  reason: string,
  message: string,
  c?: ContainerRecord,
): void {
  const fieldPath = c && `spec.${sortOf(c)}{${c.name}}`;
  deps.event(ref, { type, reason, message, ...(fieldPath && { fieldPath }) });
}

/** Writes down why a container does not run, and when to try again. */
export function wait(
  scope: PodScope,
  c: ContainerRecord,
  { waiting }: ContainerState,
  retryAt: number,
): undefined {
  Object.assign(c, { state: 'waiting', reason: waiting?.reason, message: waiting?.message, retryAt });
  c.replaced = undefined;
  scope.save();
}
