import { kubeVerb } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const auth = kubeVerb({
  name: 'auth',
  summary: 'Inspect authorization: what a user may do, and who you are',
  description: `  shallop auth can-i create deployments
  shallop auth can-i get pods/web-7d4b -n team-a
  shallop auth can-i get /metrics
  shallop auth whoami`,
  usage: [
    'auth can-i VERB TYPE[/NAME] [options]',
    'auth can-i VERB /PATH [options]',
    'auth whoami [options]',
  ],
  operands: { words: ['can-i', 'whoami'] },
  options: {
    'all-namespaces': { type: 'boolean', short: 'A', help: 'can-i: in all namespaces' },
    subresource: { type: 'string', value: 'NAME', help: 'can-i: a subresource such as log or scale' },
    quiet: { type: 'boolean', short: 'q', help: 'can-i: answer by the exit code only' },
  },
  run: async (scene) => {
    const [word, ...words] = scene.call.positionals;
    const { runCanI, runWhoAmI } = await import('../kube/auth.ts');
    if (word === 'can-i') return runCanI(scene, words);
    if (word === 'whoami' && !words.length) return runWhoAmI(scene);
    throw new UsageError('auth needs can-i VERB TYPE, or whoami');
  },
});
