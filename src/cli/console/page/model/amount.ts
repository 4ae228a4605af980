/** Cores in thousandths, as `kubectl top` prints them. */
export const cpuText = (cores: number): string => `${Math.ceil(cores * 1000)}m`;

/** Bytes in mebibytes, as `kubectl top` prints them. */
export const memoryText = (bytes: number): string => `${Math.round(bytes / 2 ** 20)}Mi`;
