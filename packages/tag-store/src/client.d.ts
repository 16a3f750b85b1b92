import { type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
/** A client as the store needs it: absent fields are left out of items. */
export declare function documentClient(config?: DynamoDBClientConfig): DynamoDBDocumentClient;
