import { listObjects } from './kube/read.ts';
import { type Scene, withScene } from './kube/scene.ts';
import { resourceNamed } from './kube/targets.ts';
import { parseCall } from './parse.ts';
import type { Io, Option, Verb } from './verb.ts';
import { verbs } from './verbs/index.ts';

/** A key was pressed: nobody waits longer for the server. */
const patienceMs = 1500;

/** Returns what the last of `words` may become. Empty when nothing fits, or the server does not answer. */
export async function candidates(words: string[], io: Io): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const starting = (list: string[]) => [...new Set(list)].filter((word) => word.startsWith(typed)).sort();
  const [name, ...rest] = words;
  if (words.length <= 1) return starting([...Object.keys(verbs), 'help']);
  if (name === 'help') return starting(Object.keys(verbs));
  const load = name && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!load) return [];
  const verb = await load();
  const before = rest.slice(0, -1);
  const equals = /^--([^=]+)=/.exec(typed);
  if (equals) return starting(await values(verb, equals[1]!, before, io));
  const asked = optionAwaiting(verb, before);
  if (asked)
    return starting(
      (await values(verb, asked, before.slice(0, -1), io)).map((value) => value.replace(/^--[^=]+=/, '')),
    );
  if (typed.startsWith('-')) return starting(Object.keys(verb.options).map((option) => `--${option}`));
  return starting(await operands(verb, before, typed, io));
}

/** The option whose value comes next: `-n` and `--output` wait for one, `--dry-run` does not. */
function optionAwaiting({ options }: Verb, before: string[]): string | undefined {
  const last = before.at(-1) ?? '';
  const waits = ({ type, bare }: Option) => type === 'string' && bare === undefined;
  const found = Object.entries(options).find(
    ([name, option]) =>
      waits(option) && (last === `--${name}` || (option.short && last === `-${option.short}`)),
  );
  return found?.[0];
}

/** Values of an option, each as `--name=value`. */
async function values(verb: Verb, name: string, before: string[], io: Io): Promise<string[]> {
  const option = verb.options[name];
  const resource = { namespace: 'namespaces', cluster: 'logicalclusters' }[name];
  const list = option?.choices ?? (resource && isKube(verb) ? await names(verb, resource, before, io) : []);
  return list.map((value) => `--${name}=${value}`);
}

const isKube = ({ options }: Verb) => 'namespace' in options;

async function operands(verb: Verb, before: string[], typed: string, io: Io): Promise<string[]> {
  const { words, objects } = verb.operands ?? {};
  const given = positionalsOf(verb, before);
  if (words && given.length === 0) return words;
  if (!objects || !isKube(verb)) return [];
  const after = words ? given.slice(1) : given;
  if (objects !== 'any') return after.length ? [] : names(verb, objects, before, io);
  const [type, name] = typed.split('/');
  if (name !== undefined) return (await names(verb, type!, before, io)).map((each) => `${type}/${each}`);
  if (after[0] && !after[0].includes('/')) return names(verb, after[0].split(',')[0]!, before, io);
  return resourceWords(verb, before, io);
}

function positionalsOf(verb: Verb, before: string[]): string[] {
  try {
    return parseCall(before, verb.options).positionals;
  } catch {
    return [];
  }
}

const resourceWords = (verb: Verb, before: string[], io: Io) =>
  asking(verb, before, io, async ({ resources }) =>
    (await resources()).filter(({ verbs }) => verbs.includes('list')).flatMap(({ plural }) => [plural]),
  );

const names = (verb: Verb, type: string, before: string[], io: Io) =>
  asking(verb, before, io, async ({ connection, namespace, resources }) => {
    const resource = resourceNamed(type, await resources());
    return (await listObjects(connection, resource, { namespace })).items.map(
      ({ metadata }) => metadata.name,
    );
  });

/** Returns what the server says, or nothing: completion never fails. */
async function asking(
  verb: Verb,
  before: string[],
  io: Io,
  ask: (scene: Scene) => Promise<string[]>,
): Promise<string[]> {
  let found: string[] = [];
  try {
    const quiet = { ...io, err: () => {}, interrupted: AbortSignal.timeout(patienceMs) };
    await withScene(parseCall(before, verb.options), quiet, async (scene) => {
      found = await ask(scene);
      return 0;
    });
  } catch {}
  return found;
}
