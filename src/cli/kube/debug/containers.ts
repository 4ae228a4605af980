import type { KubeObject } from '../objects.ts';

/** Is what a call says about the container to debug with. */
export interface DebugOptions {
  image?: string;
  command: string[];
  argsOnly: boolean;
  env: { name: string; value: string }[];
  imagePullPolicy?: string;
  stdin: boolean;
  tty: boolean;
  /** The container whose processes are to be seen. */
  target?: string;
  profile: Profile;
}

/** Is what a copy of a Pod keeps, and changes. */
export interface CopyOptions extends DebugOptions {
  name: string;
  images: Record<string, string>;
  sameNode: boolean;
  shareProcesses?: boolean;
  keeps: ReadonlySet<string>;
}

export type Profile = 'legacy' | 'general';

type Container = Record<string, unknown> & { name: string };
interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  nodeName?: string;
  shareProcessNamespace?: boolean;
}

/** The container that joins a running Pod. */
export function ephemeralContainer(name: string, options: DebugOptions): Container {
  const { image, target } = options;
  return withTracing(
    {
      name,
      image,
      ...settingsOf(options),
      terminationMessagePolicy: 'File',
      ...(target && { targetContainerName: target }),
    },
    options.profile,
  );
}

/** A Pod like another one, with a container to debug with or with another command in one that it has. */
export function podCopy(pod: KubeObject, container: string, options: CopyOptions): KubeObject {
  const { labels, annotations } = pod.metadata;
  const { ephemeralContainers: _, nodeName, ...spec } = structuredClone(pod.spec) as PodSpec;
  const { keeps, profile, images } = options;
  // A copy of which only images are others is one in all else.
  const isGeneral = profile === 'general' && Boolean(container);
  for (const each of spec.containers) {
    const image = images[each.name] ?? images['*'];
    if (image) each.image = image;
    if (isGeneral)
      for (const probe of ['liveness', 'readiness', 'startup'])
        if (!keeps.has(probe)) delete each[`${probe}Probe`];
  }
  if (container) debugIn(spec, container, options);
  if (isGeneral && !keeps.has('init-containers')) delete spec.initContainers;
  if (options.shareProcesses !== undefined) spec.shareProcessNamespace = options.shareProcesses;
  else if (isGeneral) spec.shareProcessNamespace ??= true;
  const keepsLabels = !container || (isGeneral && keeps.has('labels'));
  const keepsAnnotations = !container || !isGeneral || keeps.has('annotations');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: options.name,
      namespace: pod.metadata.namespace,
      ...(labels && keepsLabels && { labels }),
      ...(annotations && keepsAnnotations && { annotations }),
    },
    spec: { ...spec, ...(options.sameNode && nodeName && { nodeName }) },
  };
}

function debugIn(spec: PodSpec, name: string, options: CopyOptions): void {
  const { image } = options;
  const at = spec.containers.findIndex((each) => each.name === name);
  const found: Container = at < 0 ? { name, terminationMessagePolicy: 'File' } : spec.containers[at]!;
  const { args, stdin: _, tty: __, ...rest } = found;
  const isReplaced = options.command.length && !options.argsOnly;
  const changed = {
    ...rest,
    ...(args !== undefined && !isReplaced && { args }),
    ...(image && { image }),
    ...settingsOf(options),
  } as Container;
  spec.containers.splice(at < 0 ? spec.containers.length : at, 1, withTracing(changed, options.profile));
}

const settingsOf = ({ command, argsOnly, env, imagePullPolicy, stdin, tty }: DebugOptions) => ({
  ...(command.length && { [argsOnly ? 'args' : 'command']: command }),
  ...(env.length && { env }),
  ...(imagePullPolicy && { imagePullPolicy }),
  ...(stdin && { stdin }),
  ...(tty && { tty }),
});

function withTracing(container: Container, profile: Profile): Container {
  if (profile === 'legacy') return container;
  const context = (container.securityContext ?? {}) as { capabilities?: { add?: string[] } };
  const add = [...(context.capabilities?.add ?? []), 'SYS_PTRACE'];
  return {
    ...container,
    securityContext: { ...context, capabilities: { ...context.capabilities, add } },
  };
}
