"""Creates, updates and deletes the synthesized stacks on moto's server, and reads back what became of them.

judge.py ASSEMBLIES COMMAND: a JSON object of folders by the name of their options; how `tagmill` is started, a JSON array.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from cloud import Cloud, Deployment
from read_back import check, check_functions, check_nothing_is_left, check_roles, queue_name, read_back, resources_of
from report import report


def read_all_back(cloud, stack, assembly):
    """What its outputs name is there, too."""
    read_back(cloud, stack, assembly)
    outputs = stack.outputs()
    cloud.client("dynamodb").describe_table(TableName=outputs["TableName"])
    for queue in ("QueueUrl", "BackfillQueueUrl", "DeadLetterQueueUrl"):
        cloud.client("sqs").get_queue_attributes(QueueUrl=outputs[queue])
    for machine in ("ReconcileWorkflowArn", "BackfillWorkflowArn"):
        cloud.client("stepfunctions").describe_state_machine(stateMachineArn=outputs[machine])


def data_of(stack, assembly):
    """What holds data, and its physical ids: a changed one was replaced."""
    ids = stack.physical_ids()
    kinds = ("AWS::S3::Bucket", "AWS::DynamoDB::Table")
    return {name: ids[name] for kind in kinds for name in resources_of(assembly, kind)}


def judge_updates(assemblies):
    """From the defaults through other options and back, nothing that holds data is replaced; then all is deleted."""
    with Cloud() as cloud:
        stack = Deployment(cloud, assemblies["defaults"])
        stack.create(assemblies["defaults"])
        read_all_back(cloud, stack, assemblies["defaults"])
        before = data_of(stack, assemblies["defaults"])
        for name in ("tuned", "filtered", "budget rules", "defaults"):
            stack.update(assemblies[name])
            check(f"what holds data, after {name}", data_of(stack, assemblies["defaults"]), before)
            # moto leaves an existing function's architecture as it is.
            check_functions(cloud, stack, assemblies[name], ignored=["Architectures"])
            check_roles(cloud, stack, assemblies[name])
        stack.delete()
        check_nothing_is_left(cloud)
        return cloud.said()


def judge_names(assemblies):
    """Two stacks in one account and region, one of them with names that were chosen."""
    with Cloud() as cloud:
        chosen, other = (Deployment(cloud, assemblies[name]) for name in ("chosen names", "another stack"))
        chosen.create(assemblies["chosen names"])
        other.create(assemblies["another stack"])
        read_all_back(cloud, chosen, assemblies["chosen names"])
        read_all_back(cloud, other, assemblies["another stack"])
        check("the bucket", chosen.outputs()["UploadBucketName"], "photos-123456789012-us-east-1")
        check("the table", chosen.outputs()["TableName"], "photos-us-east-1")
        return cloud.said()


def judge_existing_bucket(assemblies):
    """Its events come by a rule of EventBridge; its own configuration is left alone."""
    with Cloud() as cloud:
        cloud.client("s3").create_bucket(Bucket="family-photos")
        stack = Deployment(cloud, assemblies["an existing bucket"])
        stack.create(assemblies["an existing bucket"])
        read_all_back(cloud, stack, assemblies["an existing bucket"])
        events = cloud.client("events")
        (rule,) = events.list_rules()["Rules"]
        check("the rule's bucket", json.loads(rule["EventPattern"])["detail"]["bucket"]["name"], ["family-photos"])
        (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        check("the rule's target", target["Arn"].split(":")[-1], queue_name(stack.outputs()["QueueUrl"]))
        return cloud.said()


# moto ignores EncodingType and writes keys as they are. So none here has a character that XML can't write, or a carriage return, which
# XML reads as a line's end.
KEYS = ["a b+c/ü (1).jpg", "😀.jpg", "tab\there", "%2F~'\"&<>"]


MANY = 1001
# Some 10 s on two busy cores.
COMMAND_TIMEOUT_SECONDS = 120


def fill(cloud, bucket):
    """Versions, delete markers and unfinished uploads, more than a page of them."""
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key in KEYS + [f"many/{n:04}" for n in range(MANY)]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=b"again")
        s3.delete_object(Bucket=bucket, Key=key)
        s3.create_multipart_upload(Bucket=bucket, Key=key)


def tagmill(cloud, command, *arguments):
    environment = os.environ | {"AWS_ENDPOINT_URL": cloud.endpoint, "AWS_REGION": "us-east-1"}
    limit = {"timeout": COMMAND_TIMEOUT_SECONDS}
    try:
        done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, **limit)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(f"tagmill {' '.join(arguments)} did not end: …{str(error.stderr)[-500:]}") from error
    if done.returncode != 0:
        raise AssertionError(f"tagmill {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def judge_destroy(assemblies, command):
    """`tagmill destroy` empties and deletes what the stack gives up, and nothing else."""
    with Cloud() as cloud:
        given_up, kept = (Deployment(cloud, assemblies[name]) for name in ("to be destroyed", "another stack"))
        given_up.create(assemblies["to be destroyed"])
        kept.create(assemblies["another stack"])
        s3 = cloud.client("s3")
        bucket, other = given_up.outputs()["UploadBucketName"], kept.outputs()["UploadBucketName"]
        fill(cloud, bucket)
        s3.put_object(Bucket=other, Key="kept.jpg", Body=b"kept")
        tagmill(cloud, command, "destroy", "--stack", given_up.name)
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
        check("versions before --yes", sum(len(page["Versions"]) for page in pages), 2 * len(KEYS) + MANY)
        tagmill(cloud, command, "destroy", "--stack", given_up.name, "--yes")
        check("the stack is there", given_up.exists(), False)
        check("the other stack is there", kept.exists(), True)
        buckets = [each["Name"] for each in s3.list_buckets()["Buckets"]]
        check("the bucket is there", bucket in buckets, False)
        check("the other's object", s3.get_object(Bucket=other, Key="kept.jpg")["Body"].read(), b"kept")
        return cloud.said()


def main():
    assemblies = {name: Path(folder) for name, folder in json.loads(sys.argv[1]).items()}
    judges = [
        ("updates", lambda: judge_updates(assemblies)),
        ("names", lambda: judge_names(assemblies)),
        ("an existing bucket", lambda: judge_existing_bucket(assemblies)),
        ("destroy", lambda: judge_destroy(assemblies, json.loads(sys.argv[2]))),
    ]
    return report(judges)


if __name__ == "__main__":
    sys.exit(main())
