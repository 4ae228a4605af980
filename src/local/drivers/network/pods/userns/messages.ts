/** Describes what one of the two processes asks of the other: a socket in that one's network. */
export type Order = { id: number } & Wanted;

/** Describes what it is to open. */
export type Wanted = { host: string; port: number } & (
  | { op: 'listen' }
  | { op: 'bind' }
  | { op: 'connect'; timeoutMs: number }
);

/** Describes what it answers; a socket comes with it unless there is an error. */
export interface Answer {
  answers: number;
  error?: { code: string; message: string };
}

/** Is what either says to the other. */
export type Message = Order | Answer;
