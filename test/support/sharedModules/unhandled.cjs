/**
 * Puts errors that nobody waits for among those of the suite in which they are thrown, until it is disposed. A rejection
 * that is handled after all is none.
 */
module.exports.countUnhandled = (errors) => {
  const rejections = new Map();
  const stopFollowing = follow({
    uncaughtException: (error) => errors.push(error),
    unhandledRejection(error, promise) {
      rejections.set(promise, error);
      errors.push(error);
    },
    rejectionHandled(promise) {
      const at = rejections.has(promise) ? errors.indexOf(rejections.get(promise)) : -1;
      if (at >= 0) errors.splice(at, 1);
    },
  });
  return { [Symbol.dispose]: stopFollowing };
};

/** These listen in place of those that the process has, which come back at the end. */
function follow(listeners) {
  const undo = Object.entries(listeners).map(([name, listener]) => {
    const before = process.rawListeners(name);
    process.removeAllListeners(name).on(name, listener);
    return () => {
      process.removeListener(name, listener);
      for (const earlier of before) process.on(name, earlier);
    };
  });
  return () => {
    for (const putBack of undo) putBack();
  };
}
