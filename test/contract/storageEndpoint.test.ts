import { jest } from '@jest/globals';
import { openDynamoStorage } from '../../src/aws/drivers/dynamodb/index.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { createTable } from '../support/dynamodb/endpoint.ts';
import { needs } from '../support/needs.ts';
import { storageContract } from './storage.ts';

// Hundreds of requests, each over HTTP, to emulators of which some are slow.
jest.setTimeout(300_000);
// TTL stays off: the manual clock lives in another time than the emulator.
const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.AWS_ENDPOINT_URL;

if (endpoint)
  storageContract(
    'dynamodb (AWS_ENDPOINT_URL)',
    async ({ clock, retention }) =>
      openDynamoStorage({ ...(await createTable(endpoint)), clock, ids: seededIds(Date.now()), retention }),
    { skips: true },
  );
else needs('AWS_ENDPOINT_URL is not set').test('the storage contract on a DynamoDB endpoint', () => {});
