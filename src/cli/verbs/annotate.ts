import type { Marks } from '../kube/marks.ts';
import { kubeVerb } from '../kube/scene.ts';
import { markOptions } from './label.ts';

/** Says why an object was changed: each change has another. */
const changeCause = 'kubernetes.io/change-cause';

const marks: Marks = {
  field: 'annotations',
  word: 'annotation',
  check(_changes, { set, remove }) {
    const both = remove.filter((key) => Object.hasOwn(set, key));
    if (both.length)
      throw new Error(
        `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
      );
  },
  keep(found, { set }) {
    const kept = Object.entries(set)
      .filter(([key, value]) => key !== changeCause && Object.hasOwn(found, key) && found[key] !== value)
      .map(([key]) => `'${key}' already has a value (${found[key]})`);
    if (kept.length)
      throw new Error(
        `--overwrite is false but found the following declared annotation(s): ${kept.join('; ')}`,
      );
  },
  done: () => 'annotated',
};

export const annotate = kubeVerb({
  name: 'annotate',
  summary: 'Update the annotations of objects',
  description: `  shallop annotate deployment web owner=me
  shallop annotate deployment web owner-`,
  usage: ['annotate TYPE NAME… KEY=VALUE… [options]', 'annotate TYPE/NAME… KEY- [options]'],
  operands: { objects: 'any' },
  options: markOptions,
  run: async (scene) => (await import('../kube/marks.ts')).runMarks(scene, marks),
});
