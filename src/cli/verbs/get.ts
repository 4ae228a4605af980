import { runGet } from '../kube/get/index.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const get = kubeVerb({
  name: 'get',
  summary: 'Display one or many objects',
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
    watch: { type: 'boolean', short: 'w', help: 'watch for changes after listing' },
    'output-watch-events': { type: 'boolean', help: 'with -w: print the event type of each change' },
    'watch-only': { type: 'boolean', help: 'watch for changes without listing first' },
    ...selectorOption,
    'field-selector': {
      type: 'string',
      value: 'QUERY',
      help: 'field selector: status.phase=Running',
    },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'in all namespaces' },
    'sort-by': {
      type: 'string',
      value: 'PATH',
      help: 'sort by a field: .metadata.creationTimestamp',
    },
    'show-labels': { type: 'boolean', help: 'show labels in the last column' },
    'show-kind': { type: 'boolean', help: 'show the kind before each name' },
    'no-headers': { type: 'boolean', help: 'do not print column headers' },
    'ignore-not-found': { type: 'boolean', help: 'exit with 0 when an object does not exist' },
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
