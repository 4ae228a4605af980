/** Describes what was to be opened. */
export interface WantedPort {
  port: number;
  /** The address, by name or number. */
  bind: string;
  /** The option that chooses the port. */
  flag: string;
  /** Whether it may be done without. */
  isOptional?: boolean;
}

/** Returns why a port could not be opened, and what to do, in place of the error of the system; other errors as they are. */
export function readablePortError(error: unknown, { port, bind, flag, isOptional }: WantedPort): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const orNone = isOptional ? ', or 0 for none' : '';
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} on ${bind} is in use; choose another with ${flag}${orNone}`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new Error(`${bind} is no address of this machine; choose another with --bind`);
  if (code === 'EACCES')
    return new Error(
      `port ${port} on ${bind} is not for this user to open; choose another with ${flag}, from 1024 on${orNone}`,
    );
  return error;
}
