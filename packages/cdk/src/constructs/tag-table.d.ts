import { type RemovalPolicy } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
export interface TagTableProps {
    /** With `{account}` and `{region}` in it, perhaps; CloudFormation chooses one if absent. */
    name: string | undefined;
    removalPolicy: RemovalPolicy;
}
/** Records, postings and their indexes, as tag-store describes them. */
export declare class TagTable extends Construct {
    #private;
    readonly table: Table;
    constructor(scope: Construct, id: string, { name, removalPolicy }: TagTableProps);
    /** Read and write by key; no index, no scan. */
    readWrite(): PolicyStatement;
    /** Read by key and by index; no scan. */
    readOnly(): PolicyStatement;
    /** Read all of it, and many items at once. */
    readWhole(): PolicyStatement;
}
