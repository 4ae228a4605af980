import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { since } from '../../../../shared/kinds/printing/duration.ts';
import type { Status } from '../api/types.ts';
import type { Tone } from '../model/pod.ts';
import { useNow } from '../store/hooks.ts';

const signs: Record<Tone, ComponentChildren> = {
  good: <path d="M4.5 8.4l2.3 2.3 4.7-5" />,
  busy: <path d="M8 4.2V8l2.6 1.6" />,
  bad: <path d="M8 4.4v4.2M8 11.3v.2" />,
  quiet: <path d="M5 8h6" />,
};

/** A sign with a form of its own for each tone; the word beside it says the same. */
export const Sign = ({ tone }: { tone: Tone }) => (
  <svg class={`sign ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
    {tone === 'bad' ? (
      <path class="body" d="M8 1.2l7 13H1z" />
    ) : (
      <circle class="body" cx="8" cy="8" r="6.8" />
    )}
    <g class="mark">{signs[tone]}</g>
  </svg>
);

export const Badge = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>
    <Sign tone={tone} />
    {children}
  </span>
);

/** What a server or the console said no to, in its own words. */
export function Problem({ status, doing }: { status: Status; doing: string }) {
  const causes = status.details?.causes ?? [];
  return (
    <div class="problem" role="alert">
      <Sign tone="bad" />
      <div>
        <strong>
          Cannot {doing}
          {status.reason ? ` (${status.reason})` : ''}
        </strong>
        {status.message && <p>{status.message}</p>}
        {causes.length > 1 && (
          <ul>
            {causes.map(({ field, message }) => (
              <li key={`${field} ${message}`}>
                {field && <code>{field}</code>} {message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;

export function Age({ of }: { of?: string }) {
  const now = useNow();
  return (
    <time dateTime={of} title={of}>
      {since(of, now)}
    </time>
  );
}

export const Heading = ({ children, note }: { children: ComponentChildren; note?: ComponentChildren }) => (
  <div class="heading">
    <h1 tabIndex={-1}>{children}</h1>
    {note}
  </div>
);

/** A table that scrolls by itself where it is too wide, by keys too. */
export const Table = ({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly string[];
  children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
  <section class="scroll" aria-label={label} tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" key={column}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </section>
);

/** Text as programs write it, which scrolls by keys too. `isCalledFor`: somebody waits for it, so it comes into view. */
export function Screen({
  label,
  more,
  isCalledFor,
  children,
}: {
  label: string;
  more: string;
  isCalledFor?: boolean;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCalledFor) box.current?.scrollIntoView({ block: 'nearest' });
  }, [isCalledFor]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section ref={box} class={`screen ${more}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
