import type { Status } from './types.ts';

/** A refusal of the server. The message is the server's. */
export class ApiError extends Error {
  /** The whole answer, with the fields at fault in `details.causes`. */
  readonly status: Status;

  constructor(status: Status) {
    super(status.message || `the server answered ${status.code}`);
    this.name = 'ApiError';
    this.status = status;
  }

  /** `NotFound`, `Conflict`, `Invalid`, …; empty where the server says none. */
  get reason(): string {
    return this.status.reason ?? '';
  }

  /** As in HTTP. */
  get code(): number {
    return this.status.code ?? 0;
  }
}
