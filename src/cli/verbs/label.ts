import { table } from '../../shared/meta/table.ts';
import { chooseOptions } from '../kube/chosen.ts';
import type { Marks } from '../kube/marks.ts';
import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';
import type { Option } from '../verb.ts';

/** Options of `label` and `annotate`. */
export const markOptions: Record<string, Option> = table({
  overwrite: { type: 'boolean', help: 'allow changing existing values' },
  list: { type: 'boolean', help: 'list the current values' },
  'resource-version': {
    type: 'string',
    value: 'VERSION',
    help: 'only if the object has this resourceVersion',
  },
  ...chooseOptions,
  ...changeOptions,
  ...managerOption,
});

const longest = 63;
const valueForm = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const marks: Marks = {
  field: 'labels',
  word: 'label',
  check(changes, { set, remove }) {
    for (const change of changes.filter((each) => each.includes('='))) {
      const [, value = '', ...rest] = change.split('=');
      if (rest.length) throw new Error(`invalid label spec: ${change}`);
      const wrong = [
        ...(value.length > longest ? [`must be no more than ${longest} bytes`] : []),
        ...(valueForm.test(value) ? [] : [valueRule]),
      ];
      if (wrong.length) throw new Error(`invalid label value: ${JSON.stringify(change)}: ${wrong.join(';')}`);
    }
    if (remove.some((key) => Object.hasOwn(set, key)))
      throw new Error('can not both modify and remove a label in the same command');
  },
  keep(found, { set }) {
    const kept = Object.entries(set)
      .filter(([key, value]) => Object.hasOwn(found, key) && found[key] !== value)
      .map(([key]) => `'${key}' already has a value (${found[key]}), and --overwrite is false`);
    if (kept.length) throw new Error(kept.length === 1 ? kept[0] : `[${kept.join(', ')}]`);
  },
  done: (before, after, overwrites) =>
    before === after ? 'not labeled' : !overwrites && after.length < before.length ? 'unlabeled' : 'labeled',
  missing: (key) => `label ${JSON.stringify(key)} not found.`,
};

export const label = kubeVerb({
  name: 'label',
  summary: 'Update the labels of objects',
  description: `  shallop label pod web-7d4b tier=front
  shallop label pods --all tier=front --overwrite
  shallop label pod web-7d4b tier-`,
  usage: ['label TYPE NAME… KEY=VALUE… [options]', 'label TYPE/NAME… KEY- [options]'],
  operands: { objects: 'any' },
  options: markOptions,
  run: async (scene) => {
    if (scene.call.flag('list') && scene.call.text('output'))
      throw new Error('--list and --output may not be specified together');
    return (await import('../kube/marks.ts')).runMarks(scene, marks);
  },
});
