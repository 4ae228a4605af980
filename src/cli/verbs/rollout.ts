import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

const actions = ['status', 'history', 'undo', 'restart', 'pause', 'resume'] as const;

export const rollout = kubeVerb({
  name: 'rollout',
  summary: 'Follow, undo, restart, pause and resume updates',
  description: `  shallop rollout status deployment/web
  shallop rollout history deployment/web --revision=2
  shallop rollout undo deployment/web --to-revision=1
  shallop rollout restart deployment/web`,
  usage: actions.map((action) => `rollout ${action} TYPE/NAME [options]`),
  operands: { words: [...actions], objects: 'any' },
  options: {
    watch: { type: 'boolean', short: 'w', help: 'status: until it is done (true)' },
    timeout: { type: 'string', value: 'TIME', help: 'status: wait no longer (for ever)' },
    revision: {
      type: 'string',
      value: 'NUMBER',
      help: 'history: what this revision was; status: of this revision only',
    },
    'to-revision': { type: 'string', value: 'NUMBER', help: 'undo: back to this revision (the one before)' },
    all: { type: 'boolean', help: 'all of the type in the namespace' },
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
