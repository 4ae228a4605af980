import { useEffect, useRef, useState } from 'preact/hooks';
import { openShell, type Shell } from '../api/shell.ts';
import { withoutEscapes } from '../model/text.ts';

const mostCharacters = 200_000;

interface Place {
  namespace: string;
  name: string;
  containers: string[];
}

/** A shell in a container, line by line: what is sent is a line, and what comes back is shown as it comes. */
export function Terminal({ namespace, name, containers }: Place) {
  const [container, choose] = useState(containers[0]!);
  const [command, command_] = useState('/bin/sh');
  const [text, print] = useState('');
  const [isOpen, open_] = useState(false);
  const shell = useRef<Shell>(undefined);
  const screen = useRef<HTMLPreElement>(null);
  const add = (more: string) => print((before) => (before + withoutEscapes(more)).slice(-mostCharacters));
  useEffect(() => () => shell.current?.close(), []);
  useEffect(() => {
    if (screen.current) screen.current.scrollTop = screen.current.scrollHeight;
  }, [text]);
  const open = () => {
    print('');
    open_(true);
    shell.current = openShell({ namespace, name, container }, command.trim().split(/\s+/), {
      output: add,
      ended: (how) => {
        add(`\n${how}\n`);
        open_(false);
      },
    });
  };
  return (
    <section aria-labelledby="shell-title">
      <h2 id="shell-title">Shell</h2>
      <form
        class="controls"
        onSubmit={(event) => {
          event.preventDefault();
          if (isOpen) shell.current?.close();
          else open();
        }}
      >
        <label>
          Container{' '}
          <select
            value={container}
            disabled={isOpen}
            onChange={({ currentTarget }) => choose(currentTarget.value)}
          >
            {containers.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          Command{' '}
          <input
            class="code"
            value={command}
            disabled={isOpen}
            required
            onInput={({ currentTarget }) => command_(currentTarget.value)}
          />
        </label>
        <button type="submit">{isOpen ? 'Close' : 'Open'}</button>
      </form>
      {(isOpen || text) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
        <pre class="screen" ref={screen} role="log" aria-label="What the shell says" tabIndex={0}>
          {text}
        </pre>
      )}
      {isOpen && (
        <Line
          send={(line) => {
            add(`$ ${line}\n`);
            shell.current?.say(`${line}\n`);
          }}
        />
      )}
    </section>
  );
}

function Line({ send }: { send(line: string): void }) {
  const [line, type] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="line"
      onSubmit={(event) => {
        event.preventDefault();
        send(line);
        type('');
      }}
    >
      <span aria-hidden="true">$</span>
      <input
        ref={input}
        class="code"
        aria-label="A line for the shell"
        autocomplete="off"
        spellcheck={false}
        value={line}
        onInput={({ currentTarget }) => type(currentTarget.value)}
      />
      <button type="submit">Send</button>
    </form>
  );
}
