import type { Call } from '../../verb.ts';
import type { Scene } from '../scene.ts';
import type { CopyOptions, DebugOptions, Profile } from './containers.ts';

/** Options that a copy keeps something by. */
export const kept = ['labels', 'annotations', 'liveness', 'readiness', 'startup'];

const profiles = ['legacy', 'general'];
const others = ['baseline', 'netadmin', 'restricted', 'sysadmin'];

/** Throws for what does not go together, in kubectl's words. */
export function validate({ call, io }: Scene, names: string[]): void {
  const profile = call.text('profile') ?? 'legacy';
  if (others.includes(profile))
    throw new Error(`debug supports the profiles ${profiles.join(' and ')}; kubectl supports ${profile}`);
  if (!profiles.includes(profile)) throw new Error(`unknown profile: ${profile}`);
  const { image, command } = debugOptions(call);
  const [copy, container, images] = [call.text('copy-to'), call.text('container'), imagesOf(call)];
  if (call.text('attach') === 'true' && !image && !container)
    throw new Error(
      'you must specify --container or create a new container using --image in order to attach.',
    );
  if (copy) {
    if (!image && !images.length && !command.length)
      throw new Error('you must specify --image, --set-image or command arguments.');
    if (command.length && !container && !image)
      throw new Error('you must specify an existing container or a new image when specifying args.');
  } else {
    for (const option of ['replace', 'same-node'])
      if (call.flag(option)) throw new Error(`--${option} may only be used with --copy-to.`);
    if (images.length) throw new Error('--set-image may only be used with --copy-to.');
    if (!image) throw new Error('you must specify --image when not using --copy-to.');
  }
  if (!names.length) throw new Error('NAME or filename is required for debug');
  const policy = call.text('image-pull-policy') ?? '';
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy))
    throw new Error(`invalid image pull policy: ${policy}`);
  const target = call.text('target');
  if (target && copy)
    throw new Error('--target is incompatible with --copy-to. Use --share-processes instead.');
  if (target && !call.flag('quiet'))
    io.out(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.`,
    );
  if (call.flag('tty') && !call.flag('stdin'))
    throw new Error('-i/--stdin is required for containers with -t/--tty=true');
  if (profile === 'legacy')
    io.err(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".',
    );
}

/** What the call says about the container. */
export function debugOptions(call: Call): DebugOptions {
  const { positionals, beforeDash = positionals.length } = call;
  const pairs = call
    .texts('env')
    .flatMap((text) => text.split(','))
    .map(pairOf);
  return {
    image: call.text('image'),
    command: positionals.slice(beforeDash),
    argsOnly: call.flag('arguments-only'),
    env: pairs.map(([name, value]) => ({ name, value })),
    imagePullPolicy: call.text('image-pull-policy'),
    stdin: call.flag('stdin'),
    tty: call.flag('tty'),
    target: call.text('target'),
    profile: (call.text('profile') ?? 'legacy') as Profile,
  };
}

/** The same, and what it says about a copy. */
export function copyOptions(call: Call): CopyOptions {
  const keeps = kept.filter((part) => call.flag(`keep-${part}`));
  if (call.flag('keep-init-containers', true)) keeps.push('init-containers');
  return {
    ...debugOptions(call),
    name: call.text('copy-to')!,
    images: Object.fromEntries(imagesOf(call)),
    sameNode: call.flag('same-node'),
    ...(call.text('share-processes') !== undefined && { shareProcesses: call.flag('share-processes') }),
    keeps: new Set(keeps),
  };
}

const imagesOf = (call: Call): [string, string][] =>
  call
    .texts('set-image')
    .flatMap((text) => text.split(','))
    .map(pairOf);

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`${text} must be formatted as key=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
