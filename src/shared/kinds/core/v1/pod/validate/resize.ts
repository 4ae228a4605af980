/** Is what may change of a Pod that is there already: how much CPU and memory its containers get. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { qosClassOf } from '../../../../../meta/qos.ts';
import type { Container, Pod, PodSpec, ResourceRequirements } from '../../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../../validation/causes.ts';
import { isSame } from '../../../../validation/same.ts';
import { isSidecar } from '../summary.ts';
import { mirror, podAnnotations } from './annotations.ts';
import { validPodSpec } from './podSpec.ts';

const lists = ['containers', 'initContainers'] as const;
const only = 'only cpu and memory resources are mutable';
const podLevel =
  'resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled';

/** `old` with the resources of `wanted`; as it is where containers came, went or changed places, for validation to say so. */
export function resized(wanted: PodSpec, old: PodSpec): PodSpec {
  if (validOrder(wanted, old).length > 0) return wanted;
  const merged = (list: Container[] = [], before: Container[] = []): Container[] =>
    before.map((container, i) => {
      const { resources: _resources, resizePolicy: _policy, ...kept } = container;
      const { resources, resizePolicy } = list[i] ?? container;
      return { ...kept, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
    });
  return {
    ...old,
    containers: merged(wanted.containers, old.containers),
    ...(old.initContainers && { initContainers: merged(wanted.initContainers, old.initContainers) }),
  };
}

/** Findings about a resize, in the words and the order of Kubernetes. */
export function validResize(pod: Pod, old: Pod): Cause[] {
  const spec = pod.spec ?? { containers: [] };
  const before = old.spec ?? { containers: [] };
  if (old.metadata.annotations?.[mirror] !== undefined)
    return [forbidden('', 'static pods cannot be resized')];
  if (before.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const causes = [...podAnnotations(pod), ...validPodSpec('spec', spec, pod.metadata.name)];
  if ((old.status?.qosClass ?? qosClassOf(before)) !== qosClassOf(spec))
    causes.push(
      invalidValue(
        'spec',
        pod.status?.qosClass ?? '',
        'Pod QOS Class may not change as a result of resizing',
      ),
    );
  if (!isSupported(old)) causes.push(forbidden('spec', 'Pod running on node without support for resize'));
  if (hasAmounts(spec.resources) || hasAmounts(before.resources)) return [...causes, forbidden('', podLevel)];
  const order = validOrder(spec, before);
  if (order.length > 0) return [...causes, ...order];
  causes.push(...validRemovals(spec, before), ...validContainers(spec, before));
  const rest = { ...spec, containers: before.containers, initContainers: before.initContainers };
  return causes.length === 0 && !isSame(rest, before) ? [forbidden('spec', only)] : causes;
}

/** A runtime that can resize says what each running container has. */
function isSupported({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  return !running || running.resources !== undefined;
}

const hasAmounts = ({ requests = {}, limits = {} }: ResourceRequirements = {}): boolean =>
  Object.keys(requests).length + Object.keys(limits).length > 0;

function validOrder(spec: PodSpec, old: PodSpec): Cause[] {
  return lists.flatMap((list) => {
    const [now, before] = [spec[list] ?? [], old[list] ?? []];
    if (now.length !== before.length)
      return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
    return before.flatMap(({ name }, i) =>
      now[i]?.name === name
        ? []
        : [forbidden(`spec.${list}[${i}].name`, `${list} may not be renamed or reordered on resize`)],
    );
  });
}

/** What a container was given may change, not go. */
function validRemovals(spec: PodSpec, old: PodSpec): Cause[] {
  return (['initContainers', 'containers'] as const).flatMap((list) =>
    (old[list] ?? []).flatMap((before, i) => {
      if (list === 'initContainers' && !isSidecar(before)) return [];
      const now = spec[list]?.[i]?.resources ?? {};
      return (['requests', 'limits'] as const)
        .filter((part) =>
          Object.keys(before.resources?.[part] ?? {}).some((name) => !Object.hasOwn(now[part] ?? {}, name)),
        )
        .map((part) =>
          forbidden(`spec.${list}[${i}].resources.${part}`, `resource ${part} cannot be removed`),
        );
    }),
  );
}

function validContainers(spec: PodSpec, old: PodSpec): Cause[] {
  const changed = (container: Container, before: Container | undefined) =>
    !before || !isSame(withAmountsOf(container, before), before);
  return [
    ...spec.containers
      .filter((container, i) => changed(container, old.containers[i]))
      .map(() => forbidden('spec', only)),
    ...(spec.initContainers ?? []).flatMap((container, i) => {
      const before = old.initContainers?.[i];
      if (isSidecar(container))
        return changed(container, before)
          ? [forbidden('spec', 'only cpu and memory resources for sidecar containers are mutable')]
          : [];
      return isSame(container, before)
        ? []
        : [forbidden('spec', 'resources for non-sidecar init containers are immutable')];
    }),
  ];
}

/** The container with the CPU and memory that it had. */
function withAmountsOf(container: Container, before: Container): Container {
  const mixed = (part: 'requests' | 'limits') => {
    const { cpu: _cpu, memory: _memory, ...others } = container.resources?.[part] ?? {};
    const { cpu, memory } = before.resources?.[part] ?? {};
    const amounts = { ...others, ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
    return Object.keys(amounts).length > 0 ? { [part]: amounts } : {};
  };
  const { resources: _resources, ...rest } = container;
  const resources = { ...mixed('limits'), ...mixed('requests') };
  return before.resources || Object.keys(resources).length > 0 ? { ...rest, resources } : rest;
}
