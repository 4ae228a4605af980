import { AsyncLocalStorage } from 'node:async_hooks';

interface Delivery {
  ended: boolean;
}

const current = new AsyncLocalStorage<Delivery>();

/**
 * Runs a handler. What it leaves unfinished changes nothing more once it has answered: Lambda freezes the process then, and a
 * request that waited would go out, signed, whenever the next invocation thaws it.
 */
export async function delivering<T>(handle: () => Promise<T>): Promise<T> {
  const delivery: Delivery = { ended: false };
  try {
    return await current.run(delivery, handle);
  } finally {
    delivery.ended = true;
  }
}

/** Describes what is asked of a client of the SDK. */
interface SdkClient {
  middlewareStack: {
    add(
      middleware: (next: Next, context?: { commandName?: string }) => Next,
      where: { step: 'finalizeRequest'; name: string },
    ): void;
  };
}
// biome-ignore lint/suspicious/noExplicitAny: the SDK's middleware is typed by each client's commands
type Next = (args: any) => Promise<any>;

/** Commands that change nothing. What they answer is kept for several deliveries, of which another one may wait for it. */
const reads = /^(Get|BatchGet|Query|Scan|List|Describe|Decrypt|GenerateDataKey)/;

/** The client, which refuses to send what changes something for a delivery that has ended. */
export function withinDelivery<C extends SdkClient>(client: C): C {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const isRead = reads.test(context?.commandName ?? '');
      if (current.getStore()?.ended && !isRead) throw new DeliveryEnded();
      return next(args);
    },
    { step: 'finalizeRequest', name: 'withinDelivery' },
  );
  return client;
}

/** The handler has answered, so that nobody waits for the request. Nothing tries it again. */
export class DeliveryEnded extends Error {
  override name = 'DeliveryEnded';
  constructor() {
    super('the delivery that this request belongs to has ended');
  }
}
