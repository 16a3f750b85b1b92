"""Whether a stack on moto has the parts of its template, with their properties."""

import json

from cloud import ASSETS, stack_name


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


def check_tables(cloud, stack, assembly):
    ids = stack.physical_ids()
    for name, table in resources_of(assembly, "AWS::DynamoDB::Table").items():
        got = cloud.client("dynamodb").describe_table(TableName=ids[name])["Table"]
        wanted = table["Properties"]
        check(f"{name}'s key", got["KeySchema"], wanted["KeySchema"])
        check(f"{name}'s billing", got["BillingModeSummary"]["BillingMode"], wanted["BillingMode"])
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


def check_output_names(_, stack, assembly):
    check("the outputs", sorted(stack.outputs()), sorted(template_of(assembly)["Outputs"]))


CHECKS = [
    check_queues,
    check_tables,
    check_functions,
    check_event_sources,
    check_workflows,
    check_roles,
    check_output_names,
]


def read_back(cloud, stack, assembly):
    """Compares what moto says of a stack's parts with the template."""
    for each in CHECKS:
        each(cloud, stack, assembly)


def check_nothing_is_left(cloud, kept=()):
    """After a deletion there are no parts but buckets that are kept.

    moto keeps what says Retain, and deletes what says RetainExceptOnCreate: infra/test/tagging-stack.test.ts holds where a template does.
    """
    left = {
        "queues": cloud.client("sqs").list_queues().get("QueueUrls", []),
        "functions": cloud.client("lambda").list_functions()["Functions"],
        "event sources": cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"],
        "state machines": cloud.client("stepfunctions").list_state_machines()["stateMachines"],
        "tables": cloud.client("dynamodb").list_tables()["TableNames"],
        "buckets": [each for each in cloud.client("s3").list_buckets()["Buckets"] if each["Name"] not in (ASSETS, *kept)],
        "roles": cloud.client("iam").list_roles()["Roles"],
        "log groups": cloud.client("logs").describe_log_groups()["logGroups"],
    }
    check("what is left", {kind: each for kind, each in left.items() if each}, {})
