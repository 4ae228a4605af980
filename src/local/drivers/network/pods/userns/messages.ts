/** Describes what the control plane asks of the process in the network of Pods. */
export type Order = { id: number } & Wanted;

/** Describes what it is to open. */
export type Wanted = { host: string; port: number } & (
  | { op: 'listen' }
  | { op: 'bind' }
  | { op: 'connect'; timeoutMs: number }
);

/** Describes what it answers; a socket comes with it unless there is an error. */
export interface Answer {
  id: number;
  error?: { code: string; message: string };
}
