/** For the SDK's clients. An unanswered request fails after `requestTimeout` ms; by itself the SDK only warns of it. */
export const requestHandler = (requestTimeout = 10_000) => ({
  connectionTimeout: 2_000,
  requestTimeout,
  throwOnRequestTimeout: true,
});
