/** Describes what the function of a group answers to the route: the messages that failed. */
export interface GroupAnswer {
  batchItemFailures: GroupFailure[];
}

export interface GroupFailure {
  itemIdentifier: string;
  /** The error, with the steps of the reconcile that failed. */
  why?: string;
}
