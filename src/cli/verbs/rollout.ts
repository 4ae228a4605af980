import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

const actions = ['status', 'history', 'undo', 'restart', 'pause', 'resume'] as const;

export const rollout = kubeVerb({
  name: 'rollout',
  summary: 'Manage the rollout of a workload',
  description: `  shallop rollout status deployment/web
  shallop rollout history deployment/web --revision=2
  shallop rollout undo deployment/web --to-revision=1
  shallop rollout restart deployment/web`,
  usage: actions.map((action) => `rollout ${action} TYPE/NAME [options]`),
  operands: { words: [...actions], objects: 'any' },
  options: {
    watch: { type: 'boolean', short: 'w', help: 'status: watch until the rollout is done (true)' },
    timeout: { type: 'string', value: 'TIME', help: 'status: how long to wait (default: for ever)' },
    revision: {
      type: 'string',
      value: 'NUMBER',
      help: 'history: show this revision; status: watch only this revision',
    },
    'to-revision': {
      type: 'string',
      value: 'NUMBER',
      help: 'undo: roll back to this revision (the previous one)',
    },
    all: { type: 'boolean', help: 'all objects of the type in the namespace' },
    ...selectorOption,
  },
  run: async (scene) => {
    const [word, ...words] = scene.call.positionals;
    const action = actions.find((each) => each === word);
    if (!action) throw new UsageError(`rollout needs one of ${actions.join(', ')}`);
    if (words.length === 0) throw new Error('required resource not specified');
    const { runRollout } = await import('../kube/rollout/index.ts');
    return runRollout(scene, action, words);
  },
});
