import { kubeVerb } from '../kube/scene.ts';

export const explain = kubeVerb({
  name: 'explain',
  summary: 'Show the documentation of a resource and its fields',
  description: `  shallop explain pods
  shallop explain deployment.spec.strategy --recursive
  shallop explain crontabs --api-version=example.com/v1`,
  usage: ['explain TYPE[.FIELD…] [options]'],
  operands: { objects: 'any' },
  options: {
    recursive: { type: 'boolean', help: 'print the names of all nested fields' },
    'api-version': { type: 'string', value: 'GROUP/VERSION', help: 'use this API version' },
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['plaintext'], help: 'plaintext' },
  },
  run: async (scene) => (await import('../kube/explain/index.ts')).runExplain(scene),
});
