import { TABLE_SCHEMA } from '@tagmill/tag-store';
import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { fillName } from '../names.ts';

export interface TagTableProps {
  /** With `{account}` and `{region}` in it, perhaps; CloudFormation chooses one if absent. */
  name: string | undefined;
  removalPolicy: RemovalPolicy;
}

/** Records, postings and their indexes, as tag-store describes them. */
export class TagTable extends Construct {
  readonly table: Table;
  readonly #indexArns: string[];

  constructor(scope: Construct, id: string, { name, removalPolicy }: TagTableProps) {
    super(scope, id);
    const tableName = name && fillName(name, { account: Aws.ACCOUNT_ID, region: Aws.REGION });
    const { partitionKey, sortKey, timeToLiveAttribute, indexes } = TABLE_SCHEMA;
    const key = (name: string) => ({ name, type: AttributeType.STRING });
    this.table = new Table(this, 'Table', {
      ...(tableName && { tableName }),
      partitionKey: key(partitionKey),
      sortKey: key(sortKey),
      timeToLiveAttribute,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
    });
    for (const index of indexes) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: key(index.partitionKey),
        sortKey: key(index.sortKey),
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...index.nonKeyAttributes],
      });
    }
    this.#indexArns = indexes.map(({ name }) => `${this.table.tableArn}/index/${name}`);
  }

  /** Read and write by key; no index, no scan. */
  readWrite(): PolicyStatement {
    return this.#allow(['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], [this.table.tableArn]);
  }

  /** Write one image, by key. */
  writeOne(): PolicyStatement {
    return this.#allow(['GetItem', 'PutItem', 'UpdateItem'], [this.table.tableArn]);
  }

  /** Read by key and by index; no scan. */
  readOnly(): PolicyStatement {
    return this.#allow(['GetItem', 'BatchGetItem', 'Query'], [this.table.tableArn, ...this.#indexArns]);
  }

  /** Read all of it, and many items at once. */
  readWhole(): PolicyStatement {
    return this.#allow(['BatchGetItem', 'Scan'], [this.table.tableArn]);
  }

  #allow(actions: readonly string[], resources: string[]): PolicyStatement {
    return new PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources });
  }
}
