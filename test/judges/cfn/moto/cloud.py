"""moto's server with boto3 clients, what it warned of, and the synthesized stacks as it can take them."""

import copy
import io
import json
import logging
import os
import warnings
import zipfile

import boto3
from botocore.exceptions import ClientError, WaiterError
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
ASSETS = "assets-of-the-judge"

# What moto says that it doesn't do, and where it is looked at instead.
EXPLAINED_WARNINGS = {
    "AWS::CloudWatch::Alarm": "infra/test/operations.test.ts holds what alarms watch",
    "AWS::Lambda::Url": "infra/test/access.test.ts holds that it asks for IAM; the local stack serves it",
    "AWS::S3::BucketPolicy": "infra/test/access.test.ts holds what it denies",
    "AWS::SQS::QueuePolicy": "infra/test/access.test.ts holds whom it lets in",
    "AWS::Scheduler::Schedule": "infra/test/tagging-stack.test.ts holds its rate and what it starts",
}


class Cloud:
    """moto's server, as long as it runs. Its state is this process's: one at a time."""

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
        self.client("s3").create_bucket(Bucket=ASSETS)
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.caught.__exit__(None, None, None)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION)

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
        resources = self.cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId") for each in resources}

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
    stated["Outputs"]["ApiUrl"]["Value"] = "https://not-made-by-moto.example/"
    return stated


def with_machines_by_reference(template):
    """moto resolves no GetAtt of a state machine. Its Ref is the same ARN."""
    machines = {name for name, each in template["Resources"].items() if each["Type"].endswith("::StateMachine")}

    def replace(value):
        if isinstance(value, list):
            return [replace(each) for each in value]
        if not isinstance(value, dict):
            return value
        name, attribute = value.get("Fn::GetAtt", (None, None))
        if name in machines and attribute == "Arn":
            return {"Ref": name}
        return {key: replace(each) for key, each in value.items()}

    return replace(template)


TRANSFORMS = [without_bootstrap, with_assets_located, without_function_url, with_machines_by_reference]
