import { dryRunOption } from '../kube/dryRun.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { type Call, UsageError, type Verb } from '../verb.ts';

export const cordon = cordonVerb('cordon', 'Mark a Node as unschedulable', true);
export const uncordon = cordonVerb('uncordon', 'Mark a Node as schedulable', false);

function cordonVerb(name: string, summary: string, isWanted: boolean): Verb {
  return kubeVerb({
    name,
    summary,
    description: `  shallop ${name} worker-1`,
    usage: [`${name} NODE… [options]`, `${name} -l QUERY [options]`],
    operands: { objects: 'nodes' },
    options: { ...selectorOption, ...dryRunOption },
    run: async (scene) => {
      refuseNodeWords(name, scene.call);
      return (await import('../kube/cordon.ts')).runCordon(scene, isWanted);
    },
  });
}

/** Nodes are named or chosen, one of both. */
export function refuseNodeWords(name: string, call: Call): void {
  const selects = Boolean(call.text('selector')?.trim());
  if (!call.positionals.length && !selects) throw new UsageError(`USAGE: ${name} NODE [flags]`);
  if (call.positionals.length && selects)
    throw new UsageError('error: cannot specify both a node name and a --selector option');
}
