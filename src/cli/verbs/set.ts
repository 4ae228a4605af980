import { type Chosen, chosenObjects } from '../kube/chosen.ts';
import { kindName, pathOf } from '../kube/discovery.ts';
import { dryRunNote, dryRunOf, dryRunOption } from '../kube/dryRun.ts';
import { report } from '../kube/failure.ts';
import { podTemplateOf } from '../kube/podTemplate.ts';
import { getObject, query } from '../kube/read.ts';
import { kubeVerb, type Scene, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const set = kubeVerb({
  name: 'set',
  summary: 'Set the images of containers',
  description: `  shallop set image deployment/web web=my-web:v2
  shallop set image deployment/web '*=my-web:v2'`,
  usage: ['set image TYPE/NAME… CONTAINER=IMAGE… [options]'],
  operands: { words: ['image'], objects: 'any' },
  options: {
    all: { type: 'boolean', help: 'all objects of the type in the namespace' },
    ...selectorOption,
    ...dryRunOption,
  },
  run: async (scene) => {
    const { call, io } = scene;
    const [what, ...words] = call.positionals;
    if (what !== 'image')
      throw new UsageError('set supports only image: set image TYPE/NAME CONTAINER=IMAGE');
    const images = words.filter((word) => word.includes('=')).map(imageOf);
    const objects = words.filter((word) => !word.includes('='));
    if (objects.length === 0)
      throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (images.length === 0) throw new Error('at least one image update is required');
    const failures: unknown[] = [];
    for (const target of (await chosenObjects(scene, objects)).chosen) {
      const problems = await setImages(scene, target, images).catch((error) => [error]);
      failures.push(...problems.filter((problem): problem is Error => problem instanceof Error));
      const note = dryRunNote(dryRunOf(call));
      if (problems.length === 0) io.out(`${kindName(target.resource)}/${target.name} image updated${note}`);
    }
    return report(failures);
  },
});

interface Image {
  container: string;
  image: string;
}

const imageOf = (word: string): Image => ({
  container: word.slice(0, word.indexOf('=')),
  image: word.slice(word.indexOf('=') + 1),
});

/** Empty when something was changed; else what is wrong, or `same`. */
async function setImages(scene: Scene, target: Chosen, images: Image[]): Promise<(Error | 'same')[]> {
  const { call, connection, namespace } = scene;
  const { resource, name } = target;
  const object = await getObject(connection, resource, namespace, name);
  const template = podTemplateOf(object, resource);
  const lists = ['initContainers', 'containers'] as const;
  const found = (container: string) =>
    lists.flatMap((list) =>
      (template.spec[list] ?? [])
        .filter(({ name }) => container === '*' || name === container)
        .map(({ name, image }) => ({ list, name, image })),
    );
  const missing = images.filter(({ container }) => found(container).length === 0);
  if (missing.length)
    return missing.map(({ container }) => new Error(`unable to find container named "${container}"`));
  const changes = images.flatMap(({ container, image }) =>
    found(container).flatMap((old) =>
      old.image === image ? [] : [{ list: old.list, name: old.name, image }],
    ),
  );
  if (changes.length === 0) return ['same'];
  const spec = Object.fromEntries(
    lists.flatMap((list) => {
      const own = changes
        .filter((change) => change.list === list)
        .map(({ name, image }) => ({ name, image }));
      return own.length ? [[list, own]] : [];
    }),
  );
  const dryRun = dryRunOf(call);
  if (dryRun !== 'client')
    await connection.json({
      method: 'PATCH',
      path: `${pathOf(resource, namespace, name)}${query({ dryRun: dryRun === 'server' ? 'All' : undefined })}`,
      type: 'application/strategic-merge-patch+json',
      body: template.patch(spec),
    });
  return [];
}
