import { noMoto, startMoto } from '../../tools/emulator/moto.ts';
import { type Account, accountsOf } from '../support/aws/account.ts';
import { auditTests } from '../support/aws/auditTests.ts';
import { fargateTests } from '../support/aws/fargateTests.ts';
import { logTests } from '../support/aws/logTests.ts';
import { queueTests } from '../support/aws/queueTests.ts';
import { serviceDrivers } from '../support/aws/serviceDrivers.ts';
import { needs } from '../support/needs.ts';

// The first call of a service loads it.

const missing = process.env.SHALLOP_AWS_TESTS ? noMoto() : 'SHALLOP_AWS_TESTS=1 is not set';

needs(missing).describe('drivers before moto', () => {
  const accounts = accountsOf(startMoto);
  /** It knows the account by a header of its own. */
  const account = (): Account => {
    const { open, ...rest } = accounts();
    return { ...rest, open: (Client) => inAccount(open(Client), rest.id) };
  };

  serviceDrivers(account, {
    accessPointTokens: 'moto keeps the client tokens of EFS and does not look at them',
    recordOrder: 'moto orders names without the dot at their end, so that web-1 comes between web and x.web',
    listeners: 'moto tells a security policy of listeners that have no TLS',
  });
  fargateTests(account);
  queueTests(account);
  logTests(account);
  auditTests(account);
});

interface Sends {
  middlewareStack: {
    add(
      middleware: (next: (args: Request) => unknown) => (args: Request) => unknown,
      options: { step: 'build' },
    ): void;
  };
}
interface Request {
  request: { headers: Record<string, string> };
}

function inAccount<Client>(client: Client, id: string): Client {
  (client as Sends).middlewareStack.add(
    (next) => (args) => {
      args.request.headers['x-moto-account-id'] = id;
      return next(args);
    },
    { step: 'build' },
  );
  return client;
}
