import type { Container, PodSpec } from '../kinds/schema/types.ts';

/** Is it an init container that keeps running beside the others? */
export const isSidecar = (container: Container, init: boolean): boolean =>
  init && container.restartPolicy === 'Always';

/** May a container run again once it has ended? What it says itself goes before what its Pod says. */
export const mayRestart = (
  spec: PodSpec | undefined,
  { restartPolicy }: Pick<Container, 'restartPolicy'>,
): boolean => (restartPolicy ?? spec?.restartPolicy ?? 'Always') !== 'Never';

/** Will a container that ended with `exitCode` be started again? A Pod being stopped never restarts anything. */
export function restarts(spec: PodSpec, container: Container, init: boolean, exitCode: number): boolean {
  if (isSidecar(container, init)) return true;
  for (const rule of container.restartPolicyRules ?? []) {
    const listed = (rule.exitCodes?.values ?? []).includes(exitCode);
    if (rule.exitCodes && listed === (rule.exitCodes.operator !== 'NotIn')) return rule.action === 'Restart';
  }
  if (!mayRestart(spec, container)) return false;
  const policy = container.restartPolicy ?? spec.restartPolicy;
  // An init container that succeeded is done, whatever the Pod's policy says.
  return policy === 'OnFailure' || init ? exitCode !== 0 : true;
}
