/**
 * Stands for the Pod's address in whatever is resolved before a task has one. What starts a container's program puts the
 * address there (starterScript.ts).
 */
export const lateAddress = '@shallop:address@';

/** Returns whether a text waits for the Pod's address. */
export const isLate = (text: string): boolean => text.includes(lateAddress);
