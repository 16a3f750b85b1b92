"""moto's server with boto3 clients, what it warned of, and the synthesized stacks as it can take them."""

import copy
import io
import json
import logging
import os
import re
import urllib.request
import warnings
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
ASSETS = "assets-of-the-judge"

# A stack is made within the request for it, which takes long on a busy machine.
PATIENT = Config(read_timeout=900, retries={"max_attempts": 0})

# What moto says that it doesn't do, and where it is looked at instead.
EXPLAINED_WARNINGS = {
    "AWS::CloudWatch::Alarm": "infra/test/operations.test.ts holds what alarms watch",
    "AWS::Lambda::Url": "infra/test/access.test.ts holds that it asks for IAM; the local stack serves it",
    "AWS::S3::BucketPolicy": "infra/test/access.test.ts holds what it denies",
    "AWS::SQS::QueuePolicy": "infra/test/access.test.ts holds whom it lets in",
    "AWS::Scheduler::Schedule": "infra/test/tagging-stack.test.ts holds its rate and what it starts",
}


class Cloud:
    """moto's server, empty at first, as long as it runs. Its state is this process's: one at a time."""

    def __enter__(self):
        os.environ |= {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": REGION}
        self.caught = warnings.catch_warnings(record=True)
        self.warnings = self.caught.__enter__()
        warnings.simplefilter("always")
        self.logged = []
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        logging.getLogger("moto").addHandler(CallingHandler(self.logged.append))
        self.server = ThreadedMotoServer(port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()
        self.client("s3").create_bucket(Bucket=ASSETS)
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.caught.__exit__(None, None, None)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, config=PATIENT)

    def said(self):
        """What moto warned of, by its modules."""
        ours = [str(each.message) for each in self.warnings if "/moto/" in each.filename]
        return sorted(set(ours + self.logged))


class CallingHandler(logging.Handler):
    def __init__(self, call):
        super().__init__(logging.WARNING)
        self.call = call

    def emit(self, record):
        self.call(record.getMessage())


class Deployment:
    """One stack on moto."""

    def __init__(self, cloud, assembly):
        self.cloud = cloud
        self.cloudformation = cloud.client("cloudformation")
        self.name = stack_name(assembly)

    def create(self, assembly):
        template = self.upload(assembly)
        self.cloudformation.create_stack(StackName=self.name, TemplateBody=json.dumps(template))
        self.wait("stack_create_complete")

    def update(self, assembly):
        template = self.upload(assembly)
        self.cloudformation.update_stack(StackName=self.name, TemplateBody=json.dumps(template))
        self.wait("stack_update_complete")

    def delete(self):
        self.cloudformation.delete_stack(StackName=self.name)
        if self.exists():
            raise AssertionError(f"{self.name} is still there")

    def wait(self, state):
        try:
            waiter = self.cloudformation.get_waiter(state)
            waiter.wait(StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        except WaiterError as error:
            raise AssertionError(f"{self.name}: {error}") from error

    def exists(self):
        try:
            stacks = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError:
            return False
        return stacks[0]["StackStatus"] != "DELETE_COMPLETE"

    def physical_ids(self):
        pages = self.cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        resources = [each for page in pages for each in page["StackResourceSummaries"]]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}

    def outputs(self):
        stack = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def upload(self, assembly):
        """Puts the assets into a bucket; the template names their places."""
        s3 = self.cloud.client("s3")
        manifest = json.loads((assembly / f"{self.name}.assets.json").read_text())
        for file in manifest["files"].values():
            source = assembly / file["source"]["path"]
            if source.is_dir():
                (destination,) = file["destinations"].values()
                s3.put_object(Bucket=ASSETS, Key=destination["objectKey"], Body=zip_folder(source))
        template = json.loads((assembly / f"{self.name}.template.json").read_text())
        for transform in TRANSFORMS:
            template = transform(template)
        return template


def stack_name(assembly):
    (template,) = assembly.glob("*.template.json")
    return template.name.removesuffix(".template.json")


def zip_folder(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return buffer.getvalue()


def without_bootstrap(template):
    """Nobody bootstrapped moto, and a stack needs it only for the assets."""
    return {key: value for key, value in template.items() if key not in ("Parameters", "Rules")}


def with_assets_located(template):
    """The code is where this judge has put it."""
    located = copy.deepcopy(template)
    for resource in located["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"]["S3Bucket"] = ASSETS
    return located


def without_function_url(template):
    """moto makes no function URL, and can't tell an output what its address is."""
    stated = copy.deepcopy(template)
    for output in stated["Outputs"].values():
        if "FunctionUrl" in json.dumps(output["Value"]):
            output["Value"] = "https://not-made-by-moto.example/"
    return stated


def with_attributes_stated(template):
    """moto has no alarms, and resolves no GetAtt of a state machine, whose Ref is the same ARN."""
    kinds = {name: each["Type"] for name, each in template["Resources"].items()}

    def replace(value):
        if isinstance(value, list):
            return [replace(each) for each in value]
        if not isinstance(value, dict):
            return value
        name, attribute = value.get("Fn::GetAtt", (None, None))
        if attribute == "Arn" and kinds[name] == "AWS::StepFunctions::StateMachine":
            return {"Ref": name}
        if attribute == "Arn" and kinds[name] == "AWS::CloudWatch::Alarm":
            return f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:{name}"
        return {key: replace(each) for key, each in value.items()}

    return replace(template)


def with_definitions_as_text(template):
    """moto reads a state machine's DefinitionString only."""
    texts = copy.deepcopy(template)
    for resource in texts["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            properties = resource["Properties"]
            properties["DefinitionString"] = as_joined_text(properties.pop("Definition"))
    return texts


def as_joined_text(definition):
    """JSON whose intrinsic functions are resolved into it."""
    intrinsics = []

    def mark(value):
        if isinstance(value, list):
            return [mark(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            intrinsics.append(value)
            return f"@@{len(intrinsics) - 1}@@"
        return {key: mark(each) for key, each in value.items()}

    parts = re.split(r"@@(\d+)@@", json.dumps(mark(definition)))
    return {"Fn::Join": ["", [intrinsics[int(part)] if n % 2 else part for n, part in enumerate(parts)]]}


TRANSFORMS = [
    without_bootstrap,
    with_assets_located,
    without_function_url,
    with_attributes_stated,
    with_definitions_as_text,
]
