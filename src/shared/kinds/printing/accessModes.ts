const short = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWO,RWX`: each once, in an order of their own. */
export const accessModesText = (modes: readonly string[] = []): string =>
  Object.entries(short)
    .filter(([mode]) => modes.includes(mode))
    .map(([, text]) => text)
    .join(',');
