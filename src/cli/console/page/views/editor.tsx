import { diffLines } from 'diff/lib/diff/line.js';
import { useState } from 'preact/hooks';
import { replace } from '../api/ask.ts';
import type { Status } from '../api/types.ts';
import { Problem, Screen } from './parts.tsx';

interface Props {
  path: string;
  yaml: string;
  isWritable: boolean;
  /** Hears that the object is another one now. */
  changed(): void;
}

/**
 * Shows an object; where it may be changed, in two steps: the server says what would come of it (a dry run, with admission
 * and all), and only what it was shown is then applied.
 */
export function Editor({ path, yaml, isWritable, changed }: Props) {
  const [text, type] = useState(yaml);
  const [checked, check] = useState<{ text: string; result: string }>();
  const [problem, complain] = useState<Status>();
  const [isBusy, busy] = useState(false);
  if (!isWritable)
    return (
      <Screen label="The object as YAML" more="yaml">
        {yaml}
      </Screen>
    );
  const send = async (dryRun: boolean) => {
    busy(true);
    complain(undefined);
    try {
      const result = await replace(path, text, { dryRun });
      if (dryRun) check({ text, result });
      else changed();
    } catch (error) {
      check(undefined);
      complain((error as { status?: Status }).status ?? { message: (error as Error).message });
    } finally {
      busy(false);
    }
  };
  const isChecked = checked?.text === text;
  return (
    <>
      <textarea
        class="screen yaml"
        aria-label="The object as YAML"
        spellcheck={false}
        rows={Math.min(40, text.split('\n').length + 1)}
        value={text}
        onInput={({ currentTarget }) => type(currentTarget.value)}
      />
      <div class="controls">
        <button type="button" disabled={isBusy || text === yaml} onClick={() => send(true)}>
          Try (dry run)
        </button>
        <button type="button" class="strong" disabled={isBusy || !isChecked} onClick={() => send(false)}>
          Apply
        </button>
        <button type="button" disabled={isBusy} onClick={changed}>
          Read again
        </button>
        <span class="hint" role="status">
          {isChecked ? 'The server would take it. This is what would change:' : ''}
        </span>
      </div>
      {problem && <Problem status={problem} doing="change it" />}
      {isChecked && <Difference before={yaml} after={checked.result} />}
    </>
  );
}

/** What the server would have, beside what it has; signs say what colours say. */
function Difference({ before, after }: { before: string; after: string }) {
  const parts = diffLines(before, after);
  if (!parts.some(({ added, removed }) => added || removed)) return <p class="note">Nothing would change.</p>;
  const lines = parts.flatMap(({ added, removed, value }) => {
    const kind: keyof typeof signs = added ? 'added' : removed ? 'removed' : 'same';
    return near(value.replace(/\n$/, '').split('\n'), kind).map((line) => ({ kind, line }));
  });
  return (
    <Screen label="What would change" more="diff" isCalledFor>
      {lines.map(({ kind, line }, at) => (
        <span class={kind} key={at}>
          {`${signs[kind]} ${line}\n`}
        </span>
      ))}
    </Screen>
  );
}

const signs = { added: '+', removed: '-', same: ' ' };

/** Of a long part that is the same, what is next to a change. */
const near = (lines: string[], kind: keyof typeof signs): string[] =>
  kind === 'same' && lines.length > 7 ? [...lines.slice(0, 3), '⋯', ...lines.slice(-3)] : lines;
