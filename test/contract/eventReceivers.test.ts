import { openEventReceivers } from '../../src/local/drivers/webhook/index.ts';
import { eventReceiversContract } from './eventReceivers.ts';

eventReceiversContract('HTTP', openEventReceivers);
