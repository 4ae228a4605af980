/** Is what ports can speak, as messages list them. */
export const protocols = ['SCTP', 'TCP', 'UDP'] as const;
