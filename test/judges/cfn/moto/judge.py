"""Creates, updates and deletes the synthesized stacks on moto's server, and reads back what became of them.

judge.py ASSEMBLIES COMMAND: a JSON object of folders by the name of their options; how `tagmill` is started, a JSON array.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from cloud import ASSETS, EXPLAINED_WARNINGS, Cloud, Deployment, stack_name


def template_of(assembly):
    return json.loads((assembly / f"{stack_name(assembly)}.template.json").read_text())


def resources_of(assembly, kind):
    resources = template_of(assembly)["Resources"].items()
    return {name: each for name, each in resources if each["Type"] == kind}


def check(what, got, wanted):
    if got != wanted:
        raise AssertionError(f"{what}: {json.dumps(got, default=str)} instead of {json.dumps(wanted, default=str)}")


def check_queues(cloud, stack, assembly):
    sqs = cloud.client("sqs")
    ids = stack.physical_ids()
    for name, queue in resources_of(assembly, "AWS::SQS::Queue").items():
        wanted = queue["Properties"]
        got = sqs.get_queue_attributes(QueueUrl=ids[name], AttributeNames=["All"])["Attributes"]
        check(f"{name} keeps", int(got["MessageRetentionPeriod"]), wanted["MessageRetentionPeriod"])
        check(f"{name} hides", int(got["VisibilityTimeout"]), wanted.get("VisibilityTimeout", 30))
        if "RedrivePolicy" in wanted:
            redrive = json.loads(got["RedrivePolicy"])
            check(f"{name} tries", int(redrive["maxReceiveCount"]), wanted["RedrivePolicy"]["maxReceiveCount"])
            dead_letters = wanted["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            check(f"{name} gives up to", redrive["deadLetterTargetArn"].split(":")[-1], ids[dead_letters].split("/")[-1])


def check_table(cloud, stack, assembly):
    ((name, table),) = resources_of(assembly, "AWS::DynamoDB::Table").items()
    got = cloud.client("dynamodb").describe_table(TableName=stack.physical_ids()[name])["Table"]
    wanted = table["Properties"]
    check("the table's key", got["KeySchema"], wanted["KeySchema"])
    check("the table's billing", got["BillingModeSummary"]["BillingMode"], wanted["BillingMode"])
    indexes = {each["IndexName"]: (each["KeySchema"], each["Projection"]) for each in got["GlobalSecondaryIndexes"]}
    for index in wanted["GlobalSecondaryIndexes"]:
        check(f"index {index['IndexName']}", indexes[index["IndexName"]], (index["KeySchema"], index["Projection"]))


def check_functions(cloud, stack, assembly, ignored=()):
    functions = cloud.client("lambda")
    ids = stack.physical_ids()
    for name, function in resources_of(assembly, "AWS::Lambda::Function").items():
        wanted = function["Properties"]
        got = functions.get_function_configuration(FunctionName=ids[name])
        for key in ("Handler", "MemorySize", "Runtime", "Timeout", "Architectures", "Description"):
            if key not in ignored:
                check(f"{name} {key}", got[key], wanted[key])
        if got["CodeSize"] < 100:
            raise AssertionError(f"{name} has no code")
        for variable, value in wanted["Environment"]["Variables"].items():
            expected = ids[value["Ref"]] if isinstance(value, dict) else value
            check(f"{name} {variable}", got["Environment"]["Variables"][variable], expected)


def check_event_sources(cloud, stack, assembly):
    functions = cloud.client("lambda")
    ids = stack.physical_ids()
    for name, source in resources_of(assembly, "AWS::Lambda::EventSourceMapping").items():
        wanted = source["Properties"]
        got = functions.get_event_source_mapping(UUID=ids[name])
        check(f"{name} batches", got["BatchSize"], wanted["BatchSize"])
        check(f"{name} reads", got["EventSourceArn"].split(":")[-1], queue_name(ids[wanted["EventSourceArn"]["Fn::GetAtt"][0]]))
        check(f"{name} calls", got["FunctionArn"].split(":")[-1], ids[wanted["FunctionName"]["Ref"]])


def queue_name(url):
    return url.split("/")[-1]


def check_workflows(cloud, stack, assembly):
    machines = cloud.client("stepfunctions")
    ids = stack.physical_ids()
    for name, machine in resources_of(assembly, "AWS::StepFunctions::StateMachine").items():
        got = machines.describe_state_machine(stateMachineArn=ids[name])
        check(f"{name} is called", got["name"], machine["Properties"]["StateMachineName"])
        check(f"{name} starts at", json.loads(got["definition"])["StartAt"], machine["Properties"]["Definition"]["StartAt"])


def check_roles(cloud, stack, assembly):
    iam = cloud.client("iam")
    ids = stack.physical_ids()
    for policy in resources_of(assembly, "AWS::IAM::Policy").values():
        role = ids[policy["Properties"]["Roles"][0]["Ref"]]
        name = policy["Properties"]["PolicyName"]
        got = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        wanted = policy["Properties"]["PolicyDocument"]["Statement"]
        check(f"{name} allows", [each["Action"] for each in got["Statement"]], [each["Action"] for each in wanted])
        for statement in got["Statement"]:
            for resource in [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]:
                if not resource.startswith("arn:aws:"):
                    raise AssertionError(f"{name}: {resource} is no ARN")


def check_outputs(cloud, stack, assembly):
    outputs = stack.outputs()
    check("the outputs", sorted(outputs), sorted(template_of(assembly)["Outputs"]))
    cloud.client("dynamodb").describe_table(TableName=outputs["TableName"])
    for queue in ("QueueUrl", "BackfillQueueUrl", "DeadLetterQueueUrl"):
        cloud.client("sqs").get_queue_attributes(QueueUrl=outputs[queue])
    for machine in ("ReconcileWorkflowArn", "BackfillWorkflowArn"):
        cloud.client("stepfunctions").describe_state_machine(stateMachineArn=outputs[machine])


CHECKS = [
    check_queues,
    check_table,
    check_functions,
    check_event_sources,
    check_workflows,
    check_roles,
    check_outputs,
]


def read_back(cloud, stack, assembly):
    for each in CHECKS:
        each(cloud, stack, assembly)


def data_of(stack, assembly):
    """What holds data, and its physical ids: a changed one was replaced."""
    ids = stack.physical_ids()
    kinds = ("AWS::S3::Bucket", "AWS::DynamoDB::Table")
    return {name: ids[name] for kind in kinds for name in resources_of(assembly, kind)}


def check_nothing_is_left(cloud):
    """moto deletes what is retained, too: that the template says so is held by infra/test/tagging-stack.test.ts."""
    left = {
        "queues": cloud.client("sqs").list_queues().get("QueueUrls", []),
        "functions": cloud.client("lambda").list_functions()["Functions"],
        "event sources": cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"],
        "state machines": cloud.client("stepfunctions").list_state_machines()["stateMachines"],
        "tables": cloud.client("dynamodb").list_tables()["TableNames"],
        "buckets": [each for each in cloud.client("s3").list_buckets()["Buckets"] if each["Name"] != ASSETS],
        "roles": cloud.client("iam").list_roles()["Roles"],
        "log groups": cloud.client("logs").describe_log_groups()["logGroups"],
    }
    check("what is left", {kind: each for kind, each in left.items() if each}, {})


def judge_updates(assemblies):
    """From the defaults through other options and back, nothing that holds data is replaced; then all is deleted."""
    with Cloud() as cloud:
        stack = Deployment(cloud, assemblies["defaults"])
        stack.create(assemblies["defaults"])
        read_back(cloud, stack, assemblies["defaults"])
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
        read_back(cloud, chosen, assemblies["chosen names"])
        read_back(cloud, other, assemblies["another stack"])
        check("the bucket", chosen.outputs()["UploadBucketName"], "photos-123456789012-us-east-1")
        check("the table", chosen.outputs()["TableName"], "photos-us-east-1")
        return cloud.said()


def judge_existing_bucket(assemblies):
    """Its events come by a rule of EventBridge; its own configuration is left alone."""
    with Cloud() as cloud:
        cloud.client("s3").create_bucket(Bucket="family-photos")
        stack = Deployment(cloud, assemblies["an existing bucket"])
        stack.create(assemblies["an existing bucket"])
        read_back(cloud, stack, assemblies["an existing bucket"])
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
    failures, said = 0, set()
    for name, judge in judges:
        try:
            said |= set(judge())
            print(f"moto: {name}: as it should be", flush=True)
        except (AssertionError, BotoCoreError, ClientError) as error:
            failures += 1
            print(f"moto: {name}: {error}", flush=True)
    unexplained = [text for text in said if not any(kind in text for kind in EXPLAINED_WARNINGS)]
    stale = [kind for kind in EXPLAINED_WARNINGS if not any(kind in text for text in said)]
    for text in unexplained:
        print(f"moto: unexplained warning: {text}")
    for kind in stale:
        print(f"moto: no longer warns of {kind}: take it off the list, and check it here")
    return 1 if failures or unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main())
