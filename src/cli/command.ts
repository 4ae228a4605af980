import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { helpOf, overview } from './help.ts';
import { type Call, type Io, UsageError, type Verb } from './verb.ts';
import { verbs } from './verbs/index.ts';

/** Runs one command line and answers its exit code: 0 done, 1 failed, 2 wrongly called. */
export async function runCommand(words: string[], io: Io): Promise<number> {
  const [name, ...rest] = words;
  if (!name || name === 'help' || name === '--help' || name === '-h') return help(rest[0], io);
  if (name === '--version' || name === '-v') return runCommand(['version'], io);
  const load = verbs[name];
  if (!load) {
    io.err(`error: unknown command "${name}" for "shallop"`);
    io.err("Run 'shallop help' for usage.");
    return 2;
  }
  const verb = await load();
  try {
    const call = parse(verb, rest);
    if (call.flag('help')) {
      io.out(helpOf(verb));
      return 0;
    }
    return await verb.run(call, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`error: ${message}`);
    if (!(error instanceof UsageError)) return 1;
    io.err(`See 'shallop ${verb.name} --help'.`);
    return 2;
  }
}

async function help(name: string | undefined, io: Io): Promise<number> {
  if (name === undefined) {
    io.out(overview(await Promise.all(Object.values(verbs).map((load) => load()))));
    return 0;
  }
  const load = verbs[name];
  if (!load) return runCommand([name], io);
  io.out(helpOf(await load()));
  return 0;
}

function parse(verb: Verb, words: string[]): Call {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type, short, multiple }] of Object.entries(verb.options))
    options[name] = { type, ...(short && { short }), ...(multiple && { multiple }) };
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
    return {
      positionals,
      text: (name) => (typeof values[name] === 'string' ? values[name] : undefined),
      flag: (name) => values[name] === true,
    };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error));
  }
}
