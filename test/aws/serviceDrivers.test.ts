import { noMiniStack, startMiniStack } from '../../tools/emulator/ministack.ts';
import { accountsOf } from '../support/aws/account.ts';
import { serviceDrivers } from '../support/aws/serviceDrivers.ts';
import { needs } from '../support/needs.ts';

// Each test is dozens of requests over HTTP.

needs(noMiniStack()).describe('drivers of Services and Secrets, behind an emulator', () => {
  serviceDrivers(accountsOf(startMiniStack), {
    accessPointTokens: 'MiniStack does not know the client tokens of EFS',
    changedKeys: 'MiniStack opens them all the same',
  });
});
