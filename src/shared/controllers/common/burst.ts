/** Is how many Pods are made or removed in one run, as by a real controller; that they are there wakes it for the next. */
export const podsAtOnce = 500;
