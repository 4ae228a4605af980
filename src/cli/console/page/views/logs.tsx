import { useEffect, useRef, useState } from 'preact/hooks';
import { pieces } from '../api/ask.ts';
import { known, pathOf } from '../api/paths.ts';
import type { Status } from '../api/types.ts';
import { withoutEscapes } from '../model/text.ts';
import { Problem } from './parts.tsx';

/** A log grows without end; the page keeps its end. */
const mostCharacters = 400_000;
const tailLines = 1000;

interface Choice {
  container: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
}

interface Props {
  namespace: string;
  name: string;
  containers: string[];
  /** Is another word for each run of a container: its log begins anew, or begins at all. */
  runOf(container: string): string;
}

/** What a container says, as it says it; or what it said before its last restart. */
export function Logs({ namespace, name, containers, runOf }: Props) {
  const [choice, choose] = useState<Choice>({
    container: containers[0]!,
    follow: true,
    previous: false,
    timestamps: false,
  });
  const { text, problem, isOver } = useLog(pathOfLog(namespace, name, choice), runOf(choice.container));
  const toggle = (name: 'follow' | 'previous' | 'timestamps', label: string) => (
    <label>
      <input
        type="checkbox"
        checked={choice[name]}
        onChange={() => choose({ ...choice, [name]: !choice[name] })}
      />
      {label}
    </label>
  );
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      <div class="controls">
        <label>
          Container{' '}
          <select
            value={choice.container}
            onChange={({ currentTarget }) => choose({ ...choice, container: currentTarget.value })}
          >
            {containers.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        {toggle('follow', 'Follow')}
        {toggle('previous', 'Before the last restart')}
        {toggle('timestamps', 'With times')}
        <span class="hint" role="status">
          {isOver && !problem ? 'The log ends here.' : ''}
        </span>
      </div>
      {problem && <Problem status={problem} doing="read the log" />}
      <Scroll text={text} label={`Log of ${choice.container}`} />
    </section>
  );
}

/** Stays at the end while somebody looks at the end. */
function Scroll({ text, label }: { text: string; label: string }) {
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <pre
      class="screen"
      ref={box}
      role="log"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
      }}
    >
      {text}
    </pre>
  );
}

function pathOfLog(
  namespace: string,
  name: string,
  { container, follow, previous, timestamps }: Choice,
): string {
  const search = new URLSearchParams({ container, tailLines: `${tailLines}` });
  if (previous) search.set('previous', 'true');
  else if (follow) search.set('follow', 'true');
  if (timestamps) search.set('timestamps', 'true');
  return `${pathOf(known.pods, namespace, name)}/log?${search}`;
}

function useLog(path: string, run: string): { text: string; problem?: Status; isOver: boolean } {
  const [log, put] = useState<{ text: string; problem?: Status; isOver: boolean }>({
    text: '',
    isOver: false,
  });
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const read = async () => {
      let text = '';
      put({ text, isOver: false });
      for await (const piece of pieces(path, signal)) {
        text = (text + withoutEscapes(piece)).slice(-mostCharacters);
        put({ text, isOver: false });
      }
      put({ text, isOver: true });
    };
    read().catch((error) => {
      if (!signal.aborted)
        put(({ text }) => ({ text, problem: error.status ?? { message: error.message }, isOver: true }));
    });
    return () => ending.abort();
  }, [path, run]);
  return log;
}
