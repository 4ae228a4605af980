import type { Status } from '../../library/types.ts';
import { Failure } from '../verb.ts';

export type { Status };

/** An answer of the server that says no, in kubectl's words. */
export class ServerError extends Failure {
  readonly status: Status;

  constructor(status: Status) {
    super(wording(status));
    this.status = status;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  /** The same with what was being done: `error when creating "app.yaml": …`. */
  while(doing: string, source: string): ServerError {
    return new ServerError({
      ...this.status,
      message: `error when ${doing} ${JSON.stringify(source)}: ${this.status.message ?? ''}`,
    });
  }
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof ServerError && error.status.code === 404;

function wording(status: Status): string {
  if (status.reason === 'Invalid') return invalid(status);
  if (status.reason === 'Unauthorized')
    return `error: You must be logged in to the server (${status.message ?? 'Unauthorized'})`;
  return `Error from server${status.reason ? ` (${status.reason})` : ''}: ${status.message ?? ''}`;
}

function invalid({ details, message }: Status): string {
  const named = details?.kind || details?.name;
  const head = named
    ? `The ${details?.kind} ${JSON.stringify(details?.name)} is invalid`
    : 'The request is invalid';
  const causes = (details?.causes ?? []).map(({ field, message }) =>
    field ? `${field}: ${message}` : message,
  );
  if (causes.length === 0) return named ? head : `${head}: ${message}`;
  return causes.length === 1
    ? `${head}: ${causes[0]}`
    : `${head}: \n${causes.map((c) => `* ${c}`).join('\n')}`;
}

/** Tells every failure; several as kubectl does, one below the other. */
export function report(failures: unknown[]): number {
  if (failures.length === 0) return 0;
  if (failures.length === 1) throw failures[0];
  const messages = failures.map((each) =>
    each instanceof Failure ? each.message : `error: ${messageOf(each)}`,
  );
  throw new Failure(messages.join('\n'));
}

/** Says what an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
