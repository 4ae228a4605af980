import { kubeVerb } from '../kube/scene.ts';

export const explain = kubeVerb({
  name: 'explain',
  summary: 'Say what the fields of a resource are for',
  description: `  shallop explain pods
  shallop explain deployment.spec.strategy --recursive
  shallop explain crontabs --api-version=example.com/v1`,
  usage: ['explain TYPE[.FIELD…] [options]'],
  operands: { objects: 'any' },
  options: {
    recursive: { type: 'boolean', help: 'the fields of fields too, without what they are for' },
    'api-version': { type: 'string', value: 'GROUP/VERSION', help: 'of this version' },
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['plaintext'], help: 'plaintext' },
  },
  run: async (scene) => (await import('../kube/explain/index.ts')).runExplain(scene),
});
