import { dryRunOption } from '../kube/dryRun.ts';
import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';

export const del = kubeVerb({
  name: 'delete',
  summary: 'Delete objects, and wait until they are gone',
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
    'field-selector': { type: 'string', value: 'QUERY', help: 'only objects with these fields' },
    all: { type: 'boolean', help: 'all of the type in the namespace' },
    'all-namespaces': { type: 'boolean', short: 'A', help: 'of every namespace' },
    'grace-period': {
      type: 'string',
      value: 'SECONDS',
      help: 'time that programs have to end (their own; 0 with --force: none)',
    },
    now: { type: 'boolean', help: 'the same as --grace-period=1' },
    force: { type: 'boolean', help: 'do not wait for programs to end' },
    yes: { type: 'boolean', short: 'y', help: 'with --all on a server that is no shallop: do not ask' },
    cascade: {
      type: 'string',
      bare: 'background',
      value: 'HOW',
      choices: ['background', 'foreground', 'orphan'],
      help: 'what belongs to the objects goes after them (background), before them, or stays (orphan)',
    },
    wait: { type: 'boolean', help: 'wait until they are gone (true)' },
    timeout: { type: 'string', value: 'TIME', help: 'wait no longer (for ever)' },
    'ignore-not-found': { type: 'boolean', help: 'what is not there is no failure' },
    ...dryRunOption,
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['name'], help: 'name' },
  },
  run: async (scene) => (await import('../kube/delete.ts')).runDelete(scene),
});
