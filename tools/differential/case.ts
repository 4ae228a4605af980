/** What is asked of a real server and of shallop, and what the real one answered. */

export interface Request {
  /** `POST /api/v1/…`, with its query. */
  line: string;
  body?: unknown;
  /** Content type; by default JSON, for a PATCH the merge patch. */
  type?: string;
  accept?: string;
  /** On whose behalf: the request impersonates them. */
  as?: { user: string; groups?: string[]; extra?: Record<string, string> };
  /** What a request before the case's own makes may be refused, in both servers alike. */
  mayFail?: true;
}

/** `before` makes what the request is about; everything that was created is removed afterwards. */
export interface Case {
  name: string;
  before?: Request[];
  request: Request;
  /** A real server goes through Go's maps: what it finds comes in another order each time. */
  isUnordered?: true;
}

export interface Answer {
  status: number;
  /** The body, without what differs between any two runs (see mask.ts). */
  body: unknown;
  warnings?: string[];
}

export type Recorded = Case & { answer: Answer };

/** An answer as it came: JSON where it is JSON. */
export interface Raw {
  status: number;
  body: unknown;
  warnings: string[];
}

export type Ask = (request: Request) => Promise<Raw>;

export const contentType = ({ line, body, type }: Request): string | undefined =>
  type ??
  (body === undefined
    ? undefined
    : line.startsWith('PATCH')
      ? 'application/merge-patch+json'
      : 'application/json');

/** A header for each part of somebody else. */
export const impersonation = ({ as }: Request): [name: string, value: string][] =>
  as
    ? [
        ...(as.user ? [['impersonate-user', as.user] as [string, string]] : []),
        ...(as.groups ?? []).map((group): [string, string] => ['impersonate-group', group]),
        ...Object.entries(as.extra ?? {}).map(([key, value]): [string, string] => [
          `impersonate-extra-${encodeURIComponent(key)}`,
          value,
        ]),
      ]
    : [];

/** A header with several values may come in one piece. */
export const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []].flat().flatMap((text) => text.split(/, (?=299 - )/));
