declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the open file; false when another open file has one. */
  export function tryLock(fd: number): boolean;
}
