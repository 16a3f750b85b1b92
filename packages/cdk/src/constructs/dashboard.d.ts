import { type Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { OperatedParts } from './alarms.ts';
export interface OperationsDashboardProps extends OperatedParts {
    alarms: Alarm[];
}
/** One page that answers: what is wrong, what comes in, how late, how fast, and what it is waiting for. */
export declare class OperationsDashboard extends Construct {
    constructor(scope: Construct, id: string, { queues, table, tagImages, queryTags, alarms }: OperationsDashboardProps);
}
