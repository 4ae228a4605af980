import { LogFormatter, LogItem, Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger';
import type {
  LogAttributes,
  LoggerInterface,
  UnformattedAttributes,
} from '@aws-lambda-powertools/logger/types';
import type { LogFields, Logger } from '../../shared/observability/logger.ts';

/** Describes what every line says of its function: few of Powertools' own, since each is paid for on each line. */
class ShortLines extends LogFormatter {
  override formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { logLevel, message, timestamp, lambdaContext, xRayTraceId } = attributes;
    return new LogItem({
      attributes: {
        level: logLevel,
        message,
        timestamp: this.formatTimestamp(timestamp),
        function_name: lambdaContext?.functionName,
        function_request_id: lambdaContext?.awsRequestId,
        ...(lambdaContext?.coldStart && { cold_start: true }),
        xray_trace_id: xRayTraceId,
      },
    }).addAttributes(additional);
  }
}

/** The one logger of Powertools in a function: middleware tells it which request is being worked on. */
export const powertoolsLogger = new PowertoolsLogger({ logFormatter: new ShortLines() });

/** The logger that a function's code is given: its lines carry the request that they belong to. */
export const functionLogger = (): Logger => loggerOn(powertoolsLogger);

/** Makes the project's logger of one of Powertools. Fields that the caller adds go with each line. */
function loggerOn(target: Pick<LoggerInterface, Level>, fields: LogFields = {}): Logger {
  const at = (level: Level) => (message: string, more?: LogFields) =>
    target[level](message, { ...fields, ...more });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => loggerOn(target, { ...fields, ...more }),
  };
}

type Level = 'debug' | 'info' | 'warn' | 'error';
