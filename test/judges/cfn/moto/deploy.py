"""Creates a synthesized stack with pipelines on moto's server, reads back what became of it, and deletes it.

deploy.py ASSEMBLY: the folder that was synthesized; it has one stack.
"""

import sys
from pathlib import Path

from cloud import Cloud, Deployment
from read_back import check_nothing_is_left, read_back, resources_of
from report import report


def deploy(assembly):
    with Cloud() as cloud:
        stack = Deployment(cloud, assembly)
        stack.create(assembly)
        read_back(cloud, stack, assembly)
        ids = stack.physical_ids()
        buckets = resources_of(assembly, "AWS::S3::Bucket").items()
        kept = [ids[name] for name, bucket in buckets if bucket.get("DeletionPolicy") == "Retain"]
        stack.delete()
        check_nothing_is_left(cloud, kept)
        return cloud.said()


def main():
    assembly = Path(sys.argv[1])
    return report([("a deployment", lambda: deploy(assembly))])


if __name__ == "__main__":
    sys.exit(main())
