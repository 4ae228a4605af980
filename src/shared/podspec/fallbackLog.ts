/** Bounds of a message that is the end of a log: kubelet's MaxContainerTerminationMessageLogLines and …LogLength. */
export const fallbackLog = { mostLines: 80, mostBytes: 2048 };
