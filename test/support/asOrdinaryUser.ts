/** The user that has no rights of its own on Linux. */
export const nobody = 65_534;

/** Does something as root may not: it becomes somebody without its rights meanwhile. Other users do it as they are. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid!(nobody);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}
