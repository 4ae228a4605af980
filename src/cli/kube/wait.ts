import { valuesAt } from '../../shared/kinds/printing/jsonpath.ts';
import { type Chosen, chosenObjects } from './chosen.ts';
import { resourceName } from './discovery.ts';
import { isNotFound, report, ServerError } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { getObject, stateOf } from './read.ts';
import { type Scene, secondsOf, within } from './scene.ts';
import { tellDone } from './tell.ts';

/** Says whether an object is as it is waited for; undefined is one that is not there. Throws what can never be. */
type Holds = (object: KubeObject | undefined) => boolean;

const usualSeconds = 30;
const lookMs = 500;

/** Waits until each object that the call means is as `--for` says, one after the other. */
export async function runWait(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const wanted = call.text('for') ?? '';
  const holds = conditionOf(wanted);
  const isCreation = wanted.toLowerCase() === 'create';
  const isDeletion = wanted.toLowerCase() === 'delete';
  const seconds = call.text('timeout')?.startsWith('-')
    ? weekSeconds
    : (secondsOf(call, 'timeout') ?? usualSeconds);
  // All that is waited for has the time together.
  const deadline = performance.now() + seconds * 1000;
  const left = () => (seconds ? Math.max(deadline - performance.now(), 1) / 1000 : 0);
  if (isCreation) await untilThere(scene, left());
  const { chosen, problems } = await chosenObjects(scene);
  if (!chosen.length && !problems.length && !isDeletion) throw new Error('no matching resources found');
  const failures = [...problems];
  for (const one of chosen) {
    try {
      const object = isCreation
        ? await getObject(scene.connection, one.resource, one.namespace, one.name)
        : await until(scene, one, { holds, isDeletion, seconds: left() });
      if (object) tellDone(scene, one.resource, object, 'condition met');
    } catch (error) {
      if (io.interrupted.aborted) throw error;
      failures.push(error);
    }
  }
  return report(failures);
}

const weekSeconds = 7 * 24 * 3600;

interface Wait {
  holds: Holds;
  isDeletion: boolean;
  /** 0 is one look. */
  seconds: number;
}

/** Answers the object that is as it should be; where it should be gone, as it was last. */
async function until(
  scene: Scene,
  { resource, namespace, name }: Chosen,
  { holds, isDeletion, seconds }: Wait,
): Promise<KubeObject | undefined> {
  const { connection } = scene;
  const missing = new ServerError({
    reason: 'NotFound',
    code: 404,
    message: `${resourceName(resource)} "${name}" not found`,
  });
  if (!seconds) {
    const object = await getObject(connection, resource, namespace, name).catch((error) => {
      if (isDeletion && isNotFound(error)) return undefined;
      throw error;
    });
    if (holds(object)) return object;
    throw new Error(`condition not met for ${resource.plural}/${name}`);
  }
  const follow = async (signal: AbortSignal) => {
    let last: KubeObject | undefined;
    for await (const object of stateOf(connection, { resource, namespace, name }, signal)) {
      // One that goes meanwhile may come back under its name.
      if (!object && !isDeletion && !last) throw missing;
      if (holds(object)) return object ?? last;
      last = object ?? last;
    }
    return undefined;
  };
  return within(scene, seconds, follow, ` on ${resource.plural}/${name}`);
}

/** What is not there yet has no watch that a name or a selector could not change: it is looked for again and again. */
function untilThere(scene: Scene, seconds: number): Promise<void> {
  return within(scene, seconds, async (signal) => {
    while (!(await areThere(scene))) {
      if (!seconds) throw new Error('timed out waiting for the condition');
      signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  });
}

async function areThere(scene: Scene): Promise<boolean> {
  const { chosen } = await chosenObjects(scene);
  const found = await Promise.all(
    chosen.map(({ resource, namespace, name }) =>
      getObject(scene.connection, resource, namespace, name).catch((error) => {
        if (!isNotFound(error)) throw error;
      }),
    ),
  );
  return found.length > 0 && found.every(Boolean);
}

/** Reads what `--for` says. Throws in kubectl's words. */
export function conditionOf(text: string): Holds {
  const lower = text.toLowerCase();
  if (lower === 'delete') return (object) => object === undefined;
  if (lower === 'create') return (object) => object !== undefined;
  if (text.startsWith('condition=')) {
    const [name = '', ...rest] = text.slice('condition='.length).split('=');
    return statusIs(name, rest.length ? rest.join('=') : 'true');
  }
  if (text.startsWith('jsonpath=')) return valueIs(text.slice('jsonpath='.length));
  throw new Error(`unrecognized condition: ${JSON.stringify(text)}`);
}

interface Condition {
  type?: string;
  status?: string;
  observedGeneration?: number;
}

const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();

/** A condition of an older version of the object does not count. */
function statusIs(name: string, wanted: string): Holds {
  return (object) => {
    const { metadata, status } = (object ?? {}) as KubeObject & {
      status?: { conditions?: Condition[]; observedGeneration?: number };
    };
    const found = status?.conditions?.find(({ type }) => same(type, name));
    const observed = found?.observedGeneration ?? status?.observedGeneration;
    if (!found || (observed !== undefined && observed < Number(metadata.generation ?? 0))) return false;
    return same(found.status, wanted);
  };
}

const wrongForm =
  "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'";

/** `{.status.phase}=Running`; without a value, that there is one. */
function valueIs(text: string): Holds {
  // `==` belongs to an expression.
  const parts = text.split(/(?<!=)=(?!=)/);
  if (parts.length > 2) throw new Error(wrongForm);
  const [path = '', given] = parts;
  const value = given?.replace(/^['"]+|['"]+$/g, '');
  if (value === '')
    throw new Error(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  if (!path) throw new Error('jsonpath expression cannot be empty');
  return (object) => {
    const values = valuesAt(path, object ?? {});
    if (values.length > 1) throw new Error('given jsonpath expression matches more than one value');
    const [found] = values;
    if (found === undefined) return false;
    if (value === undefined) return true;
    if (typeof found === 'object' && found !== null)
      throw new Error('jsonpath leads to a nested object or list which is not supported');
    return String(found ?? '<nil>').trim() === value.trim();
  };
}
