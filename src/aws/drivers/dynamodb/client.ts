import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * The SDK's client, set up for the driver: region, credentials and endpoint from the environment, and no request that
 * lives longer than half of what the driver lets a reservation live (`holdMs`). Without the last setting the SDK only
 * warns of a request that does. The driver tries again by itself, but not what must not be done twice.
 */
export const dynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
