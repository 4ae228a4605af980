import type { ShownLetter } from '../../local/events/deadLetters.ts';
import { table } from '../../shared/meta/table.ts';
import { UsageError, type Verb } from '../verb.ts';
import { dataDir } from './options.ts';
import { running } from './running.ts';

const methods: Record<string, string> = table({ list: 'GET', retry: 'POST', drop: 'DELETE' });

export const events: Verb = {
  name: 'events',
  summary: 'List, retry and drop events that no receiver accepted',
  description: `'shallop up --event-rules FILE' sends changes to webhooks. An event that a webhook did not accept within the time of its
rule is a dead letter. 'retry' sends dead letters again, 'drop' deletes them: those with the given numbers, or --all.`,
  usage: ['events dead-letters [list] [-o json]', 'events dead-letters retry|drop NUMBER...|--all'],
  options: {
    ...dataDir,
    all: { type: 'boolean', help: 'every dead letter' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'json' },
  },
  operands: { words: ['dead-letters'] },
  run: async (call, io) => {
    const [what, word = 'list', ...given] = call.positionals;
    const method = methods[word];
    if (what !== 'dead-letters' || !method)
      throw new UsageError(
        `events needs dead-letters, and one of ${Object.keys(methods).join(', ')}; Events of objects are shown by: kubectl events`,
      );
    const output = call.text('output');
    if (output !== undefined && output !== 'json') throw new UsageError('--output must be json');
    const numbers = given.map(Number);
    if (!numbers.every(Number.isSafeInteger)) throw new UsageError('dead letters are named by their numbers');
    const isAll = call.flag('all');
    if (word === 'list' ? isAll || numbers.length > 0 : isAll === numbers.length > 0)
      throw new UsageError(
        `events dead-letters ${word} takes ${word === 'list' ? 'no NUMBER' : 'NUMBERs, or --all'}`,
      );

    const { folder, url } = await running(call, io);
    const { adminExchange } = await import('../../local/adminClient.ts');
    const exchange = await adminExchange(folder, url);
    const { status, body } = await exchange({
      ...{ method, path: '/events/dead-letters', headers: {} },
      ...(numbers.length > 0 && { body: Buffer.from(JSON.stringify({ numbers })) }),
    });
    const text = Buffer.from(body).toString();
    if (status === 404) throw new Error("the control plane was started without '--event-rules'");
    if (status !== 200) throw new Error(`the dead letters could not be reached: ${text}`);
    if (output === 'json' || word !== 'list') {
      const { retried, dropped } = JSON.parse(text) as { retried?: number; dropped?: number };
      io.out(output === 'json' ? text.trimEnd() : `${retried ?? dropped} dead letters: ${word}`);
      return 0;
    }
    const { items } = JSON.parse(text) as { items: ShownLetter[] };
    if (items.length === 0) io.err('No dead letters.');
    else for (const line of columns(items)) io.out(line);
    return 0;
  },
};

function columns(items: ShownLetter[]): string[] {
  const rows = [
    ['NUMBER', 'TO', 'DIED', 'OBJECT', 'REASON'],
    ...items.map(({ number, to, died, object, reason }) => [`${number}`, to, died, object, reason]),
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]!.length)) + 3);
  return rows.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('')
      .trimEnd(),
  );
}
