import { runGet } from '../kube/get/index.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const get = kubeVerb({
  name: 'get',
  summary: 'List objects, or show some by name',
  description: `  shallop get pods
  shallop get svc,deploy -o wide
  shallop get deployment/web -o yaml
  shallop get all -A
  shallop get pods -l app=web -w
  shallop get pods -o 'jsonpath={.items[*].metadata.name}'
  shallop get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image`,
  usage: ['get TYPE[,TYPE…] [NAME…] [options]', 'get TYPE/NAME… [options]'],
  operands: { objects: 'any' },
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FORM',
      choices: ['wide', 'yaml', 'json', 'name', 'jsonpath=', 'custom-columns=', 'custom-columns-file='],
      help: 'wide, yaml, json, name, jsonpath=TEMPLATE, custom-columns=HEAD:PATH,… or custom-columns-file=FILE',
    },
    watch: { type: 'boolean', short: 'w', help: 'go on with what changes' },
    'output-watch-events': { type: 'boolean', help: 'with -w: what happened to each' },
    'watch-only': { type: 'boolean', help: 'only what changes from now on' },
    ...selectorOption,
    'field-selector': {
      type: 'string',
      value: 'QUERY',
      help: 'only objects with these fields: status.phase=Running',
    },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'of every namespace' },
    'sort-by': {
      type: 'string',
      value: 'PATH',
      help: 'in the order of a field: .metadata.creationTimestamp',
    },
    'show-labels': { type: 'boolean', help: 'with a column of labels' },
    'show-kind': { type: 'boolean', help: 'names with their kind' },
    'no-headers': { type: 'boolean', help: 'without the line of column names' },
    'ignore-not-found': { type: 'boolean', help: 'what is not there is no failure' },
  },
  onlyReads: true,
  run: async (scene) => {
    const { call } = scene;
    if (call.positionals.length === 0)
      throw new UsageError(
        "You must specify the type of resource to get. Use 'shallop api-resources' for a list",
      );
    return runGet(scene);
  },
});
