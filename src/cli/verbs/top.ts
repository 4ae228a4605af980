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
  summary: 'Display the CPU and memory use of Pods and Nodes',
  description: `  shallop top pods --sort-by=memory
  shallop top pods -A --containers
  shallop top nodes`,
  usage: ['top pods [NAME] [options]', 'top nodes [NAME] [options]'],
  operands: { words: ['pods', 'nodes'] },
  options: {
    ...selectorOption,
    'field-selector': { type: 'string', value: 'QUERY', help: 'pods: field selector' },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'pods: in all namespaces' },
    containers: { type: 'boolean', help: 'pods: print each container' },
    sum: { type: 'boolean', help: 'pods: print the sum at the end' },
    'show-capacity': {
      type: 'boolean',
      help: 'nodes: print percentages of the capacity, not of the allocatable amount',
    },
    'sort-by': { type: 'string', value: 'WHAT', choices: ['cpu', 'memory'], help: 'cpu or memory' },
    'no-headers': { type: 'boolean', help: 'do not print column headers' },
  },
  run: async (scene) => {
    const [word = '', name, ...rest] = scene.call.positionals;
    const what = Object.hasOwn(whats, word) ? whats[word] : undefined;
    if (!what || rest.length) throw new UsageError('top needs pods or nodes, and optionally one NAME');
    return (await import('../kube/top.ts')).runTop(scene, what, name);
  },
});
