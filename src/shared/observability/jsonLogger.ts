import type { Clock } from '../clock/clock.ts';
import type { LogFields, Logger } from './logger.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';
const order: Level[] = ['debug', 'info', 'warn', 'error'];

export interface JsonLoggerOptions {
  clock: Clock;
  /** Takes one line with its newline. */
  write(line: string): void;
  /** The least level that is written. Default info. */
  level?: Level;
}

/** One JSON object a line: time, level, message, then the fields. Errors become their message, stack and cause. */
export function jsonLogger(options: JsonLoggerOptions, fields: LogFields = {}): Logger {
  const least = order.indexOf(options.level ?? 'info');
  const at = (level: Level) => (message: string, more?: LogFields) => {
    if (order.indexOf(level) < least) return;
    const time = new Date(options.clock.now()).toISOString();
    options.write(`${JSON.stringify({ time, level, message, ...fields, ...more }, plainError)}\n`);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => jsonLogger(options, { ...fields, ...more }),
  };
}

const plainError = (_key: string, value: unknown) =>
  value instanceof Error
    ? { message: value.message, stack: value.stack, ...(value.cause !== undefined && { cause: value.cause }) }
    : value;
