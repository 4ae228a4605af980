import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** A line from one node to another, both named by `data-node`. */
export interface Wire {
  from: string;
  to: string;
  tone: 'owner' | 'old' | 'requests';
}

interface Drawn {
  key: string;
  tone: string;
  path: string;
}

/** Draws the lines of a picture behind its nodes, wherever those stand. What they say, the lists around them say too. */
export function Wires({ frame, wires }: { frame: RefObject<HTMLDivElement | null>; wires: readonly Wire[] }) {
  const [drawn, draw] = useState<Drawn[]>([]);
  // After each drawing of the nodes, which may have moved; drawn again only where a line has changed.
  useLayoutEffect(() => {
    const measure = () => {
      if (!frame.current) return;
      const now = pathsIn(frame.current, wires);
      draw((before) => (JSON.stringify(before) === JSON.stringify(now) ? before : now));
    };
    measure();
    const sized = new ResizeObserver(measure);
    if (frame.current) sized.observe(frame.current);
    return () => sized.disconnect();
  });
  return (
    <svg class="wires" aria-hidden="true">
      {drawn.map(({ key, tone, path }) => (
        <path key={key} class={tone} d={path} />
      ))}
    </svg>
  );
}

function pathsIn(frame: HTMLElement, wires: readonly Wire[]): Drawn[] {
  const origin = frame.getBoundingClientRect();
  const nodes = new Map(
    [...frame.querySelectorAll<HTMLElement>('[data-node]')].map((node) => [
      node.dataset.node,
      node.getBoundingClientRect(),
    ]),
  );
  return wires.flatMap(({ from, to, tone }) => {
    const [start, end] = [nodes.get(from), nodes.get(to)];
    if (!start || !end || end.left <= start.right) return [];
    const [x1, y1] = [start.right - origin.left, start.top + start.height / 2 - origin.top];
    const [x2, y2] = [end.left - origin.left, end.top + end.height / 2 - origin.top];
    const half = (x1 + x2) / 2;
    const path = `M${[x1, y1].map(Math.round)} C${[half, y1, half, y2, x2, y2].map(Math.round)}`;
    return [{ key: `${from} ${to}`, tone, path }];
  });
}
