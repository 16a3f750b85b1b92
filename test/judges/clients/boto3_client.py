import hashlib, os

import boto3, requests
from boto3.s3.transfer import TransferConfig
from botocore.client import Config

directory, bucket = os.environ["DIRECTORY"], os.environ["BUCKET"]
config = Config(s3={"addressing_style": "path"})
s3 = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], config=config)
s3.create_bucket(Bucket=bucket)


def read(key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


parts = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
s3.upload_file(f"{directory}/large.bin", bucket, "large", Config=parts)
assert hashlib.md5(read("large")).hexdigest() == os.environ["LARGE_MD5"]
assert s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-3"')
s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "large copy", Config=parts)
assert hashlib.md5(read("large copy")).hexdigest() == os.environ["LARGE_MD5"]

for key in ["a b+c", "\U0001f431/ü.jpg", "q?#&=%", "<xml>\"'", "line\nend", "x" * 1024]:
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Tagging="colour=dark%20red")
    assert read(key) == key.encode()
    assert s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] == [{"Key": "colour", "Value": "dark red"}]
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": key})
    assert read("copy") == key.encode()

url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "presigned"})
assert requests.put(url, data="by address").status_code == 200
url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "presigned"})
assert requests.get(url).text == "by address"
form = s3.generate_presigned_post(bucket, "form/${filename}", Conditions=[["content-length-range", 1, 100]])
files = {"file": ("ü.txt", "by form")}
assert requests.post(form["url"], data=form["fields"], files=files).status_code == 204
assert read("form/ü.txt") == b"by form"

names = sorted(os.listdir(f"{directory}/small"))
for name in names:
    s3.put_object(Bucket=bucket, Key=f"small/{name}", Body=b"x")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="small/")
listed = [each["Key"] for page in pages for each in page["Contents"]]
assert listed == [f"small/{name}" for name in names]

resource = boto3.resource("s3", endpoint_url=os.environ["ENDPOINT"], config=config)
resource.Bucket(bucket).object_versions.delete()
s3.delete_bucket(Bucket=bucket)
