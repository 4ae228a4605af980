import { table } from '../../shared/meta/table.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

const whats: Record<string, 'pods' | 'nodes'> = table({
  pod: 'pods',
  pods: 'pods',
  po: 'pods',
  node: 'nodes',
  nodes: 'nodes',
  no: 'nodes',
});

export const top = kubeVerb({
  name: 'top',
  summary: 'Show what Pods and Nodes use',
  description: `  shallop top pods --sort-by=memory
  shallop top pods -A --containers
  shallop top nodes`,
  usage: ['top pods [NAME] [options]', 'top nodes [NAME] [options]'],
  operands: { words: ['pods', 'nodes'] },
  options: {
    ...selectorOption,
    'field-selector': { type: 'string', value: 'QUERY', help: 'pods: only those with these fields' },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'pods: of every namespace' },
    containers: { type: 'boolean', help: 'pods: of each container' },
    sum: { type: 'boolean', help: 'pods: all of them together at the end' },
    'show-capacity': { type: 'boolean', help: 'nodes: shares of the capacity, not of what Pods may have' },
    'sort-by': { type: 'string', value: 'WHAT', choices: ['cpu', 'memory'], help: 'cpu or memory' },
    'no-headers': { type: 'boolean', help: 'without the line of column names' },
  },
  run: async (scene) => {
    const [word = '', name, ...rest] = scene.call.positionals;
    const what = Object.hasOwn(whats, word) ? whats[word] : undefined;
    if (!what || rest.length) throw new UsageError('top needs pods or nodes, and perhaps one NAME');
    return (await import('../kube/top.ts')).runTop(scene, what, name);
  },
});
