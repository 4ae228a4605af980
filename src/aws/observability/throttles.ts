/** Describes what is asked of a client of the SDK. */
interface SdkClient {
  middlewareStack: {
    add(
      middleware: (next: Next) => Next,
      where: { step: 'deserialize'; priority: 'high'; name: string },
    ): void;
  };
}
// biome-ignore lint/suspicious/noExplicitAny: the SDK's middleware is typed by each client's commands
type Next = (args: any) => Promise<any>;

/** The service says that the account asks too much, or may not ask for more. */
const refused = /Throttl|TooManyRequests|LimitExceeded|RequestLimitExceeded|AccessDenied/;

/** The client, which tells of each answer that refuses for a throttle, a limit or a missing right. */
export function tellingRefusals<C extends SdkClient>(client: C, tell: () => void): C {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (refused.test((error as Error).name)) tell();
        throw error;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'tellingRefusals' },
  );
  return client;
}
