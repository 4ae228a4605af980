import { valuesAt } from '../../shared/kinds/printing/jsonpath.ts';
import { type Chosen, chosenObjects } from './chosen.ts';
import { resourceName } from './discovery.ts';
import { isNotFound, report, ServerError } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { getObject, stateOf } from './read.ts';
import { type Scene, secondsOf } from './scene.ts';
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
  const timeout = AbortSignal.timeout(Math.min(seconds * 1000, 2 ** 31 - 1));
  const signal = seconds ? AbortSignal.any([timeout, io.interrupted]) : io.interrupted;
  if (isCreation) await untilThere(scene, signal, timeout);
  const { chosen, problems } = await chosenObjects(scene);
  if (!chosen.length && !problems.length && !isDeletion) throw new Error('no matching resources found');
  const failures = [...problems];
  for (const one of chosen) {
    try {
      const object = isCreation
        ? await getObject(scene.connection, one.resource, one.namespace, one.name)
        : await until(scene, one, { holds, isDeletion, once: seconds === 0, signal, timeout });
      if (object) tellDone(scene, one.resource, object, 'condition met');
    } catch (error) {
      if (io.interrupted.aborted) throw error;
      failures.push(error);
    }
  }
  return report(failures);
}

const weekSeconds = 7 * 24 * 3600;
const timedOut = 'timed out waiting for the condition';

interface Wait {
  holds: Holds;
  isDeletion: boolean;
  once: boolean;
  signal: AbortSignal;
  timeout: AbortSignal;
}

/** Answers the object as it was last; undefined where there was none to begin with. */
async function until(
  { connection }: Scene,
  { resource, namespace, name }: Chosen,
  { holds, isDeletion, once, signal, timeout }: Wait,
): Promise<KubeObject | undefined> {
  const missing = new ServerError({
    reason: 'NotFound',
    code: 404,
    message: `${resourceName(resource)} "${name}" not found`,
  });
  if (once) {
    const object = await getObject(connection, resource, namespace, name).catch((error) => {
      if (isDeletion && isNotFound(error)) return undefined;
      throw error;
    });
    if (holds(object)) return object;
    throw new Error(`condition not met for ${resource.plural}/${name}`);
  }
  let last: KubeObject | undefined;
  try {
    for await (const object of stateOf(connection, { resource, namespace, name }, signal)) {
      if (!object && !isDeletion) throw missing;
      if (holds(object)) return last ?? object;
      last = object;
    }
  } catch (error) {
    if (timeout.aborted) throw new Error(`${timedOut} on ${resource.plural}/${name}`);
    throw error;
  }
  return undefined;
}

/** What is not there yet has no watch that a name or a selector could not change: it is looked for again and again. */
async function untilThere(scene: Scene, signal: AbortSignal, timeout: AbortSignal): Promise<void> {
  for (;;) {
    const { chosen } = await chosenObjects(scene);
    const found = await Promise.all(
      chosen.map(({ resource, namespace, name }) =>
        getObject(scene.connection, resource, namespace, name).catch((error) => {
          if (!isNotFound(error)) throw error;
        }),
      ),
    );
    if (found.length && found.every(Boolean)) return;
    if (timeout.aborted || secondsOf(scene.call, 'timeout') === 0) throw new Error(timedOut);
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
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
