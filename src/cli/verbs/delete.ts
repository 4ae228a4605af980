import { dryRunOption } from '../kube/dryRun.ts';
import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';

export const del = kubeVerb({
  name: 'delete',
  summary: 'Delete objects by file name, by name or by label selector',
  description: `  shallop delete pod web-7d4b
  shallop delete -f app.yaml
  shallop delete pods,services -l app=web
  shallop delete deployment --all`,
  usage: [
    'delete TYPE NAME… [options]',
    'delete TYPE (-l QUERY | --all) [options]',
    'delete -f FILE [options]',
  ],
  operands: { objects: 'any' },
  options: {
    ...fileOptions,
    ...selectorOption,
    'field-selector': { type: 'string', value: 'QUERY', help: 'field selector' },
    all: { type: 'boolean', help: 'all objects of the type in the namespace' },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'in all namespaces' },
    'grace-period': {
      type: 'string',
      value: 'SECONDS',
      help: 'seconds to terminate gracefully (default: that of the object; 0 needs --force)',
    },
    now: { type: 'boolean', help: 'the same as --grace-period=1' },
    force: { type: 'boolean', help: 'delete at once, without graceful termination' },
    yes: { type: 'boolean', short: 'y', help: 'with --all on a server that is no shallop: do not ask' },
    cascade: {
      type: 'string',
      bare: 'background',
      value: 'HOW',
      choices: ['background', 'foreground', 'orphan'],
      help: 'dependents are deleted afterwards (background), first (foreground) or never (orphan)',
    },
    wait: { type: 'boolean', help: 'wait until the objects are gone (true)' },
    timeout: { type: 'string', value: 'TIME', help: 'how long to wait (default: for ever)' },
    'ignore-not-found': { type: 'boolean', help: 'exit with 0 when an object does not exist' },
    ...dryRunOption,
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['name'], help: 'name' },
  },
  run: async (scene) => (await import('../kube/delete.ts')).runDelete(scene),
});
