"""How sqs_steps.py and dynamodb_steps.py ask a server, and print a line of JSON a step: its name, and what came of it without what differs
from run to run.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ANY = dict(
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
)
# Named by whoever runs a server, or new each time.
MASKED = {
    "MessageId", "ReceiptHandle", "QueueUrl", "QueueUrls", "queueUrls", "TaskHandle", "SenderId", "SentTimestamp", "SourceArn",
    "DestinationArn", "ApproximateFirstReceiveTimestamp", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn", "RedrivePolicy",
    "StartedTimestamp", "DeadLetterQueueSourceArn", "TableArn", "TableId", "IndexArn", "CreationDateTime", "NextToken",
    "ResponseMetadata", "Message", "FailureReason",
}


def normal(value):
    if isinstance(value, dict):
        return {k: "…" if k in MASKED and v else normal(v) for k, v in sorted(value.items()) if k != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [normal(each) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return list(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def step(name, work):
    try:
        result, outcome = work(), None
        outcome = normal(result)
    except ClientError as error:
        result, outcome = None, {"error": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    print(json.dumps({"step": name, "outcome": outcome}, ensure_ascii=True), flush=True)
    return result


def connect(service):
    """A client of the server that the command line names."""
    return boto3.client(service, endpoint_url=sys.argv[1], **ANY)
