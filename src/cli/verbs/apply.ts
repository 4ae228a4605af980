import { type ApplyOptions, applyManifest, applyOnServer } from '../kube/apply/index.ts';
import { kindName } from '../kube/discovery.ts';
import { dryRunNote, dryRunOf, dryRunOption } from '../kube/dryRun.ts';
import { report } from '../kube/failure.ts';
import { fileOptions, readManifests } from '../kube/manifests.ts';
import { printObjects } from '../kube/print/objects.ts';
import { kubeVerb, type Scene } from '../kube/scene.ts';
import { validateOption, validationOf } from '../kube/validation.ts';
import { type Call, UsageError } from '../verb.ts';

export const apply = kubeVerb({
  name: 'apply',
  summary: 'Apply a configuration to objects by file name or stdin',
  description: `Files are JSON or YAML, with one or more documents or Lists. Like kubectl it stores the applied configuration in an
annotation of the object: a field that you remove from the file is removed, and fields of others stay. You can mix both tools.

  shallop apply -f app.yaml
  shallop apply -f folder/ -R
  cat app.yaml | shallop apply -f -`,
  usage: ['apply -f FILE [options]'],
  options: {
    ...fileOptions,
    ...dryRunOption,
    ...validateOption,
    'server-side': { type: 'boolean', help: 'let the server merge, and track the managers of fields' },
    'field-manager': {
      type: 'string',
      value: 'NAME',
      help: 'name of the manager that owns the applied fields',
    },
    'force-conflicts': { type: 'boolean', help: 'with --server-side: take over fields of other managers' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORM',
      choices: ['json', 'yaml', 'name'],
      help: 'name, json or yaml',
    },
  },
  run: async (scene) => {
    const { call, io, connection, namespace } = scene;
    const options = { ...optionsOf(call), warn: (text: string) => io.err(`Warning: ${text}`) };
    const { manifests, problems } = await manifestsOf(scene, namespace);
    const failures: unknown[] = [];
    for (const manifest of manifests) {
      try {
        const { word, object } = call.flag('server-side')
          ? await applyOnServer(connection, manifest, options, call.flag('force-conflicts'))
          : await applyManifest(connection, manifest, options);
        const output = call.text('output');
        if (output) printObjects([object], output, io);
        else
          io.out(
            `${kindName(manifest.resource)}/${object.metadata.name} ${word}${dryRunNote(options.dryRun)}`,
          );
      } catch (error) {
        if (io.interrupted.aborted) throw error;
        failures.push(error);
      }
    }
    return report([...failures, ...problems]);
  },
});

async function manifestsOf({ call, io, resources }: Scene, namespace: string) {
  const names = call.texts('filename');
  if (names.length === 0) throw new UsageError('must specify one of -f and -k; shallop supports only -f');
  const enforced = call.text('namespace') !== undefined;
  return readManifests(names, call.flag('recursive'), io, {
    resources: await resources(),
    namespace,
    enforced,
  });
}

function optionsOf(call: Call): Omit<ApplyOptions, 'warn'> {
  return {
    dryRun: dryRunOf(call),
    validation: validationOf(call.text('validate') ?? 'strict'),
    fieldManager: call.text('field-manager'),
  };
}
