import { resolve } from 'node:path';
import { type Call, UsageError, type Verb } from '../verb.ts';

export const dev: Verb = {
  name: 'dev',
  summary: 'Run the project of a folder, and roll out each change of its files',
  description: `It finds how the project starts: a Procfile, the start script of package.json, pyproject.toml, app.py or main.py, the CMD of
a Dockerfile, or a shallop.json. The program gets a port in PORT, another for each version. If the folder has manifests (k8s/,
kubernetes/, manifests/, deploy/ or *.yaml), it applies them; otherwise it makes a Deployment for each program and a Service at port 80.

It starts its own control plane and prints the logs of all Pods. When a file changes, new Pods replace the old ones without a
failed request, unless the program has a port that two versions cannot share; it says so then. It ignores files that .gitignore
names. Ctrl-C ends it and removes everything.

  cd my-app && shallop dev
  shallop dev my-app --port 3000 --open`,
  usage: ['dev [FOLDER] [options]'],
  options: {
    port: {
      type: 'string',
      value: 'PORT',
      help: 'port on which the program listens (a free one for each version, in the variable PORT)',
    },
    image: { type: 'string', value: 'NAME', help: 'the image of the manifests that the project replaces' },
    ignore: {
      type: 'string',
      multiple: true,
      value: 'PATTERN',
      help: 'pattern of files to ignore, as in .gitignore',
    },
    open: { type: 'boolean', help: 'open the address in a browser' },
    'api-port': { type: 'string', value: 'PORT', help: 'port of the control plane (any free one)' },
    runtime: { type: 'string', value: 'NAME', help: 'runtime of Pods, as for up (auto)' },
    'pod-network': {
      type: 'string',
      value: 'NAME',
      help: 'addresses of Pods, as for up (auto; loopback for an ordinary user)',
    },
  },
  unread: 'interrupt',
  run: async (call, io) => {
    const [folder = '.', ...rest] = call.positionals;
    if (rest.length) throw new UsageError('dev takes one FOLDER');
    const { runProject } = await import('../dev/index.ts');
    return runProject(resolve(io.cwd, folder), optionsOf(call), io);
  },
};

/** Says what somebody wants other than usual. */
export type DevOptions = ReturnType<typeof optionsOf>;

function optionsOf(call: Call) {
  const text = call.text('port');
  const port = text === undefined ? undefined : Number(text);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new UsageError(`Option '--port' is a number from 1 to 65535, not '${text}'`);
  return {
    port,
    image: call.text('image'),
    ignored: call.texts('ignore'),
    open: call.flag('open'),
    apiPort: call.text('api-port'),
    runtime: call.text('runtime'),
    podNetwork: call.text('pod-network'),
  };
}
