import type { Clock } from '../clock/clock.ts';
import type { LogFields, Logger } from './logger.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** One JSON object a line, given to `write`; levels below `least` are dropped. */
export function jsonLogger(
  write: (line: string) => void,
  clock: Clock,
  least: Level = 'info',
  fields: LogFields = {},
): Logger {
  const at = (level: Level) => (message: string, more?: LogFields) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields, ...more }));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => jsonLogger(write, clock, least, { ...fields, ...more }),
  };
}
