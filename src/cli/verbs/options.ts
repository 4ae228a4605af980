import { table } from '../../shared/meta/table.ts';
import type { Option } from '../verb.ts';

/** Options that several verbs share. */
export const dataDir: Record<string, Option> = table({
  'data-dir': {
    type: 'string',
    value: 'FOLDER',
    help: 'the data folder (SHALLOP_DATA_DIR, else ~/.local/share/shallop)',
  },
});

export const kubeconfigOptions: Record<string, Option> = table({
  kubeconfig: {
    type: 'string',
    value: 'FILE',
    help: 'the kubeconfig to add a context to (KUBECONFIG, else ~/.kube/config)',
  },
  context: { type: 'string', value: 'NAME', help: 'name of the context to add (shallop)' },
});
