/** Functions that cost 1: builders, accessors and comparisons. */
export const nominal: ReadonlySet<string> = new Set(
  (
    'serviceAccount path group resource subresource namespace name allowed reason error errored ' +
    'masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast ' +
    'format.named sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub ' +
    'major minor patch getScheme getHostname getHost getPort getEscapedPath getQuery'
  ).split(' '),
);

/** Functions that look at each element of a list. */
export const walks: ReadonlySet<string> = new Set([
  'isSorted',
  'sum',
  'max',
  'min',
  'indexOf',
  'lastIndexOf',
]);

/** Functions that read their text once. */
export const reads: ReadonlySet<string> = new Set(
  (
    'url lowerAscii upperAscii substring trim jsonpatch.escapeKey cidr isIP isCIDR ip ' +
    'quantity isQuantity semver isSemver'
  ).split(' '),
);

/** Returns whether the result of the function is estimated to be as long as the text. */
export const isSized = (name: string): boolean => name === 'url' || name === 'jsonpatch.escapeKey';
