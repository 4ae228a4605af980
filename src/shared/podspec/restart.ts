import type { Container, PodSpec } from '../kinds/schema/types.ts';

/** Is it an init container that keeps running beside the others? */
export const isSidecar = (container: Container, init: boolean): boolean =>
  init && container.restartPolicy === 'Always';

/** Will a container that ended with `exitCode` be started again? A Pod being stopped never restarts anything. */
export function restarts(spec: PodSpec, container: Container, init: boolean, exitCode: number): boolean {
  if (isSidecar(container, init)) return true;
  for (const rule of container.restartPolicyRules ?? []) {
    const listed = (rule.exitCodes?.values ?? []).includes(exitCode);
    if (rule.exitCodes && listed === (rule.exitCodes.operator !== 'NotIn')) return rule.action === 'Restart';
  }
  const policy = container.restartPolicy ?? spec.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  // An init container that succeeded is done, whatever the Pod's policy says.
  return policy === 'OnFailure' || init ? exitCode !== 0 : true;
}
