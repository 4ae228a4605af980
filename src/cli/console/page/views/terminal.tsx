import { useEffect, useRef, useState } from 'preact/hooks';
import { openShell, type Shell } from '../api/shell.ts';
import { Emulator } from '../terminal/emulator.ts';
import { TerminalScreen } from './terminalScreen.tsx';

interface Place {
  namespace: string;
  name: string;
  containers: string[];
}

/** A shell in a container, in a terminal. */
export function Terminal({ namespace, name, containers }: Place) {
  const [container, choose] = useState(containers[0]!);
  const [command, command_] = useState('/bin/sh');
  const [emulator, show] = useState<Emulator>();
  const [end, end_] = useState('');
  const [isOpen, open_] = useState(false);
  const shell = useRef<Shell>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => () => shell.current?.close(), []);
  useEffect(() => {
    if (!isOpen) return;
    // Ctrl-W deletes a word in a shell, and is the browser's: it asks before it closes the page.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isOpen]);
  const open = () => {
    const next = new Emulator({
      send: (text) => shell.current?.say(text),
      resized: (rows, columns) => shell.current?.resize(rows, columns),
    });
    shell.current = openShell({ namespace, name, container }, command.trim().split(/\s+/), {
      output: (text) => next.write(text),
      ended: (how) => {
        end_(how);
        open_(false);
      },
    });
    show(next);
    end_('');
    open_(true);
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
        <button type="submit" ref={button}>
          {isOpen ? 'Close' : 'Open'}
        </button>
        <span class="hint" id="shell-keys">
          {isOpen ? 'Tab goes to the shell; Ctrl-M leaves the terminal.' : ''}
        </span>
      </form>
      {emulator && (
        <TerminalScreen emulator={emulator} isOpen={isOpen} leave={() => button.current?.focus()} />
      )}
      <p role="status">{end}</p>
    </section>
  );
}
