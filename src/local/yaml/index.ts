import { Worker } from 'node:worker_threads';
import { MalformedYaml, type ParsedYaml, type ParseYaml, parseYaml } from '../../shared/api/http/yaml.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { parseExactJson } from '../../shared/meta/integers.ts';

export interface YamlParser {
  parse: ParseYaml;
  close(): Promise<void>;
}

/** What is shorter is parsed at once: it takes some milliseconds. */
const shortText = 16 * 1024;
/** As much as any body needs on a busy machine. */
const defaultBudgetMs = 10_000;
/** Texts that wait for the thread; each may be 3 MiB. */
const mostWaiting = 16;

type Outcome = { json: string; repeated: string[] } | { malformed: string };

/**
 * Parses large texts in a thread of its own, one after the other, so that nobody else's request waits for them. The
 * thread starts with the first of them, has a budget of memory, and a text that takes too long ends with it.
 */
export function openYamlParser(budgetMs = defaultBudgetMs): YamlParser {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const started = (): Worker => {
    worker ??= new Worker(threadFile(), { env: {}, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    worker.unref();
    return worker;
  };
  const end = async () => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  function ask(text: string): Promise<Outcome> {
    const thread = started();
    return new Promise<Outcome>((resolve) => {
      const settle = (outcome: Outcome, isOver: boolean) => {
        clearTimeout(timer);
        thread.off('message', heard).off('error', failed).off('exit', ended);
        if (isOver) void end();
        resolve(outcome);
      };
      const heard = (outcome: Outcome) => settle(outcome, false);
      const failed = (error: Error) => settle({ malformed: `yaml: ${error.message}` }, true);
      const ended = () => settle({ malformed: 'yaml: parsing was ended' }, true);
      const timer = setTimeout(() => settle({ malformed: 'yaml: parsing takes too long' }, true), budgetMs);
      thread.on('message', heard).on('error', failed).on('exit', ended);
      thread.postMessage(text);
    });
  }

  async function inThread(text: string): Promise<ParsedYaml> {
    if (waiting >= mostWaiting) throw tooMany();
    waiting++;
    const turn = last.then(() => ask(text));
    last = turn;
    try {
      const outcome = await turn;
      if ('malformed' in outcome) throw new MalformedYaml(outcome.malformed);
      return { value: parseExactJson(outcome.json), repeated: outcome.repeated };
    } finally {
      waiting--;
    }
  }

  return {
    parse: async (text) => (text.length <= shortText ? parseYaml(text) : inThread(text)),
    close: end,
  };
}

const tooMany = () =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds: 1 },
  });

/** Beside this file in a checkout; in the package, where this file is part of another, beside the command. */
function threadFile(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./yamlThread.ts', here);
  return new URL(`${here.includes('/chunks/') ? '..' : '.'}/yamlThread.js`, here);
}
