declare module 'fs-native-extensions' {
  /** Locks the open file, exclusively or beside others who share it; false when another open file's lock forbids it. */
  export function tryLock(fd: number, options?: { shared: boolean }): boolean;
}
