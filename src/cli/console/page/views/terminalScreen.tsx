import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Emulator } from '../terminal/emulator.ts';
import type { Line } from '../terminal/grid.ts';
import { drawn, runsOf } from '../terminal/runs.ts';

const speakAfterMs = 300;
const mostSpoken = 30;
const wheelRows = 3;

interface Props {
  emulator: Emulator;
  isOpen: boolean;
  /** Takes the keyboard away from the terminal, which has Tab. */
  leave(): void;
}

/** Draws a terminal, and gives it the keys. */
export function TerminalScreen({ emulator, isOpen, leave }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const keys = useRef<HTMLTextAreaElement>(null);
  const isAtEnd = useRef(true);
  useChanges(emulator);
  useSize(emulator, box);
  useEffect(() => keys.current?.focus(), [emulator]);
  const { screen } = emulator;
  const { grid, cursor } = screen;
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const column = Math.min(cursor.column, screen.columns - 1);
  const place = `translate(${column}ch, calc(var(--row) * ${grid.above + cursor.row}))`;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has the text area in it */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same */}
      <div
        class="screen terminal"
        ref={box}
        onClick={() => {
          // What has been selected is to be copied.
          if (getSelection()?.isCollapsed !== false) keys.current?.focus({ preventScroll: true });
        }}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
        }}
        onWheel={(event) => {
          // There is nothing above such a screen: its program moves instead, as in other terminals. With Ctrl it is the browser's zoom.
          if (!screen.isAlternate || !isOpen || !event.deltaY || event.ctrlKey) return;
          event.preventDefault();
          const key = event.deltaY < 0 ? 'ArrowUp' : 'ArrowDown';
          for (let left = wheelRows; left > 0; left--) emulator.press({ ...noKey, key });
        }}
      >
        {grid.lines.map(rowOf)}
        <textarea
          class={screen.modes.showsCursor && isOpen ? 'keys' : 'keys none'}
          ref={keys}
          style={{ transform: place }}
          aria-label="Terminal"
          aria-describedby="shell-keys"
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          readOnly={!isOpen}
          onKeyDown={(event) => {
            if (event.isComposing || !isOpen) return;
            const isLeave = event.ctrlKey && !event.altKey && event.key.toLowerCase() === 'm';
            if (isLeave) leave();
            else if (event.shiftKey && /^Page/.test(event.key)) scroll(box.current!, event.key);
            else if (!emulator.press(event)) return;
            event.preventDefault();
          }}
          onInput={(event) => {
            if (!event.isComposing) takeText(event.currentTarget, emulator);
          }}
          onCompositionEnd={(event) => takeText(event.currentTarget, emulator)}
          onPaste={(event) => {
            event.preventDefault();
            emulator.paste(event.clipboardData?.getData('text/plain') ?? '');
          }}
        />
      </div>
      <Spoken emulator={emulator} />
    </>
  );
}

const noKey = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

function takeText(keys: HTMLTextAreaElement, emulator: Emulator): void {
  const { value } = keys;
  keys.value = '';
  if (value) emulator.type(value.replaceAll('\n', '\r'));
}

const scroll = (box: HTMLElement, key: string) =>
  box.scrollBy({ top: (key === 'PageUp' ? -1 : 1) * box.clientHeight * 0.9 });

/** Draws again before the browser does, however much has changed until then. */
function useChanges(emulator: Emulator): void {
  const [, draw] = useState(0);
  useEffect(() => {
    let waiting = 0;
    emulator.changed = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        draw((times) => times + 1);
      });
    };
    emulator.changed();
    return () => {
      cancelAnimationFrame(waiting);
      emulator.changed = () => {};
    };
  }, [emulator]);
}

/** Gives the terminal as many rows and columns as its place has. */
function useSize(emulator: Emulator, box: { current: HTMLElement | null }): void {
  useEffect(() => {
    const measure = () => {
      const style = getComputedStyle(box.current!);
      const sample = document.createElement('span');
      sample.className = 'sample';
      sample.textContent = 'x'.repeat(sampled);
      box.current!.append(sample);
      const { width, height } = sample.getBoundingClientRect();
      sample.remove();
      const across = box.current!.clientWidth - 2 * Number.parseFloat(style.paddingLeft);
      const down = box.current!.clientHeight - 2 * Number.parseFloat(style.paddingTop);
      if (width && height)
        emulator.resize(
          Math.max(2, Math.floor(down / height)),
          Math.max(10, Math.floor((across * sampled) / width)),
        );
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, [emulator, box]);
}

const sampled = 50;

/** What has been drawn of a line, as long as the line is the same: then Preact does not look at it again. */
const kept = new WeakMap<Line, { version: number; row: VNode }>();

function rowOf(line: Line): VNode {
  const before = kept.get(line);
  if (before?.version === line.version) return before.row;
  const row = (
    <div key={line.id} class="row">
      {runsOf(line.cells).map(({ text, isWide, style }, at) => (
        <span key={at} class={isWide ? 'wide' : ''} style={drawn(style)}>
          {text}
        </span>
      ))}
    </div>
  );
  kept.set(line, { version: line.version, row });
  return row;
}

/** Says output to screen readers, some times a second. */
function Spoken({ emulator }: { emulator: Emulator }) {
  const [lines, say] = useState<string[]>([]);
  useEffect(() => {
    const timer = setInterval(() => {
      const said = emulator
        .takeSpoken()
        .split('\n')
        .filter((line) => line.trim());
      if (said.length) say((before) => [...before, ...said].slice(-mostSpoken));
    }, speakAfterMs);
    return () => clearInterval(timer);
  }, [emulator]);
  return (
    <div class="read-out" role="log" aria-label="What the shell says">
      {lines.map((line, at) => (
        <div key={at}>{line}</div>
      ))}
    </div>
  );
}
