import { helpOf, overview } from './help.ts';
import { parseCall } from './parse.ts';
import { unknownVerb } from './unknownVerb.ts';
import { type Call, Failure, type Io, UsageError, type Verb } from './verb.ts';
import { verbs } from './verbs/index.ts';

/** Runs a command line and resolves with its exit code: 0 success, 1 failure, 2 wrong arguments. */
export async function runCommand(words: string[], io: Io): Promise<number> {
  const [name, ...rest] = words;
  if (!name || name === 'help' || name === '--help' || name === '-h') return help(rest[0], io);
  if (name === '--version' || name === '-v') return runCommand(['version'], io);
  const load = name === '__complete' ? completeWords : Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!load) {
    for (const line of unknownVerb(name, rest, Object.keys(verbs))) io.err(line);
    return 2;
  }
  const verb = await load();
  let done: (() => void) | undefined;
  try {
    const call = parseCall(rest, verb.options);
    if (call.flag('help')) {
      io.out(helpOf(verb));
      return 0;
    }
    refuseOperands(verb, call);
    if (verb.unread) io.whenUnread?.(verb.unread);
    if (verb.endsAtOnce) io.endAtOnce?.();
    if (verb.progress) done = io.progress?.(verb.progress);
    return await verb.run(call, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(error instanceof Failure ? message : `error: ${message}`);
    if (!(error instanceof UsageError)) return verb.failureCode ?? 1;
    io.err(`See 'shallop ${verb.name} --help'.`);
    return 2;
  } finally {
    done?.();
  }
}

/** Throws UsageError for operands of a verb that takes none: such a word may be an option without its dashes. */
function refuseOperands({ name, usage }: Verb, { positionals }: Call): void {
  const takesNone = usage.every((line) => line.replace('[options]', '').trim() === name);
  if (takesNone && positionals.length)
    throw new UsageError(`${name} takes no arguments, not '${positionals.join(' ')}'`);
}

const completeWords = async () => (await import('./verbs/completion.ts')).complete;

async function help(name: string | undefined, io: Io): Promise<number> {
  if (name === undefined) {
    io.out(overview(await Promise.all(Object.values(verbs).map((load) => load()))));
    return 0;
  }
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!load) return runCommand([name], io);
  io.out(helpOf(await load()));
  return 0;
}
