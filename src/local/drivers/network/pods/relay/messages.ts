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

/** Is what either says to the other about sockets. */
export type Message = Order | Answer;

/** Is what the process in the network of Pods says of the way out: why there is none; null when there is one. */
export interface WayOutState {
  noWayOut: string | null;
}
