/** What the template tells the function. */
export const ENVIRONMENT = {
  TABLE_NAME: 'tags',
  QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/images',
  BACKFILL_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/backfill',
  MODELS_DIRECTORY: 'models',
  VARIANT: 'everyday/0.5-96',
  QUEUE_TARGET_AGE_SECONDS: '300',
  LATENCY_BUDGET_MS: '500',
  TOP_N: '5',
  MIN_CONFIDENCE: '0.1',
  MAX_BYTES: '67108864',
  MAX_PIXELS: '200000000',
  MAX_RECEIVE_COUNT: '10',
};
