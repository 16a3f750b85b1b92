"""All operations of SQS and DynamoDB that the template's clients use, with their errors and limits, against one server.

Prints a line of JSON a step: its name, and what came of it without what differs from run to run.
"""

import json
import re
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SQS_URL, DYNAMODB_URL = sys.argv[1:]
ANY = dict(
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
)
sqs = boto3.client("sqs", endpoint_url=SQS_URL, **ANY)
dynamodb = boto3.client("dynamodb", endpoint_url=DYNAMODB_URL, **ANY)

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


# SQS: queues
def queue(name, attributes=None, **more):
    return sqs.create_queue(QueueName=name, Attributes=attributes or {}, **more)["QueueUrl"]


def attributes(url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names or ["All"])).get("Attributes")


def counts(url):
    kinds = ("", "NotVisible", "Delayed")
    all = attributes(url)
    return [all[f"ApproximateNumberOfMessages{kind}"] for kind in kinds]


dead = queue("dead")
dead_arn = attributes(dead, "QueueArn")["QueueArn"]
policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
url = queue("queue", {"VisibilityTimeout": "30", "RedrivePolicy": policy})
step("create queue: the same again", lambda: queue("queue", {"VisibilityTimeout": "30", "RedrivePolicy": policy}) == url)
step("create queue: other attributes", lambda: queue("queue", {"VisibilityTimeout": "31"}))
step("create queue: a bad name", lambda: queue("a b"))
step("create queue: an unknown attribute", lambda: queue("colour", {"Colour": "red"}))
step("create queue: a delay of 901 s", lambda: queue("slow", {"DelaySeconds": "901"}))
step("create queue: dead letters for nobody", lambda: queue("lost", {"RedrivePolicy": policy.replace(":dead", ":nobody")}))
step("get queue url", lambda: sqs.get_queue_url(QueueName="queue"))
step("get queue url: nobody", lambda: sqs.get_queue_url(QueueName="nobody"))
step("list queues by prefix", lambda: len(sqs.list_queues(QueueNamePrefix="de")["QueueUrls"]))
step("list queues: none", lambda: sqs.list_queues(QueueNamePrefix="zz"))
step("queue attributes: all", lambda: attributes(url))
step("queue attributes: two", lambda: attributes(url, "VisibilityTimeout", "DelaySeconds"))
step("queue attributes: an unknown one", lambda: attributes(url, "Colour"))
step("queue attributes: nobody", lambda: attributes(url.replace("/queue", "/nobody")))
step("set queue attributes", lambda: (sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"}), attributes(url, "DelaySeconds"))[1])
step("set queue attributes: a bad value", lambda: sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "43201"}))
step("list dead letter source queues", lambda: len(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"]))
step("tag queue", lambda: (sqs.tag_queue(QueueUrl=url, Tags={"a": "1"}), sqs.list_queue_tags(QueueUrl=url))[1])
step("untag queue", lambda: (sqs.untag_queue(QueueUrl=url, TagKeys=["a"]), sqs.list_queue_tags(QueueUrl=url))[1])

# SQS: sending
refusals = queue("refusals")
step("send", lambda: sqs.send_message(QueueUrl=url, MessageBody="first 😀"))
step("send: attributes", lambda: sqs.send_message(QueueUrl=url, MessageBody="second", MessageAttributes={
    "text": {"DataType": "String", "StringValue": "x"}, "count": {"DataType": "Number", "StringValue": "7"},
    "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}}))
step("send: delayed", lambda: sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900))
step("count: two, none, one", lambda: counts(url))
step("send: no body", lambda: sqs.send_message(QueueUrl=refusals, MessageBody=""))
step("send: U+FFFE", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="a\ufffe"))
step("send: U+0000", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="a\0"))
step("send: 1 MiB", lambda: len(sqs.send_message(QueueUrl=dead, MessageBody="x" * 2**20)["MessageId"]))
step("send: above 1 MiB", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="x" * (2**20 + 1)))
step("send: a delay of 901 s", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="a", DelaySeconds=901))
step("send: nobody", lambda: sqs.send_message(QueueUrl=url.replace("/queue", "/nobody"), MessageBody="a"))
step("send: an attribute without value", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="a", MessageAttributes={"a": {"DataType": "String", "StringValue": ""}}))
step("send: an attribute of an unknown type", lambda: sqs.send_message(QueueUrl=refusals, MessageBody="a", MessageAttributes={"a": {"DataType": "Date", "StringValue": "x"}}))


def entries(count, body="a"):
    return [{"Id": f"id{i}", "MessageBody": body} for i in range(count)]


def batch(all):
    return sqs.send_message_batch(QueueUrl=batches, Entries=all)


def outline(result):
    return [[each["Id"] for each in result.get("Successful", [])],
            [[each["Id"], each["Code"], each["SenderFault"]] for each in result.get("Failed", [])]]


batches = queue("batches")
step("send batch", lambda: outline(batch(entries(10))))
step("send batch: one with U+FFFE", lambda: outline(batch([*entries(1), {"Id": "bad", "MessageBody": "\ufffe"}])))
step("send batch: none", lambda: batch([]))
step("send batch: eleven", lambda: batch(entries(11)))
step("send batch: an id twice", lambda: batch(entries(1) * 2))
step("send batch: a bad id", lambda: batch([{"Id": "a b", "MessageBody": "a"}]))
step("send batch: above 1 MiB", lambda: batch(entries(5, "x" * (2**18))))

# SQS: receiving
everything = dict(MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"])


def receive(from_url=url, **more):
    messages = sqs.receive_message(QueueUrl=from_url, **{**everything, **more}).get("Messages", [])
    return sorted(messages, key=lambda message: message["Body"])


messages = step("receive", receive)
step("receive: nothing is left", lambda: sqs.receive_message(QueueUrl=url))
step("count: none, two, one", lambda: counts(url))
step("receive: eleven", lambda: receive(MaxNumberOfMessages=11))
step("receive: none", lambda: receive(MaxNumberOfMessages=0))
step("receive: a wait of 21 s", lambda: receive(WaitTimeSeconds=21))
step("receive: nobody", lambda: receive(url.replace("/queue", "/nobody")))
handle = messages[0]["ReceiptHandle"]
step("change visibility to 0", lambda: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0))
again = step("receive: it comes again", receive)
step("change visibility: above 12 h", lambda: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=again[0]["ReceiptHandle"], VisibilityTimeout=43201))
step("change visibility: no handle", lambda: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle="nonsense", VisibilityTimeout=1))
step("change visibility batch", lambda: outline(sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
    {"Id": "a", "ReceiptHandle": again[0]["ReceiptHandle"], "VisibilityTimeout": 0}, {"Id": "b", "ReceiptHandle": "nonsense", "VisibilityTimeout": 0}])))
step("receive: it went to the dead letters", lambda: [each["Body"] for each in receive()])
letters = step("receive: the dead letter", lambda: [each for each in receive(dead) if len(each["Body"]) < 100])
step("delete", lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[1]["ReceiptHandle"]))
step("delete: again", lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[1]["ReceiptHandle"]))
step("delete: no handle", lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle="nonsense"))
step("change visibility: a deleted message", lambda: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=messages[1]["ReceiptHandle"], VisibilityTimeout=1))
step("count: none, none, one", lambda: counts(url))
taken = receive(batches)
step("delete batch", lambda: outline(sqs.delete_message_batch(QueueUrl=batches, Entries=[
    {"Id": "a", "ReceiptHandle": taken[0]["ReceiptHandle"]}, {"Id": "b", "ReceiptHandle": "nonsense"}])))
step("delete batch: none", lambda: sqs.delete_message_batch(QueueUrl=batches, Entries=[]))
stale = queue("stale", {"VisibilityTimeout": "1"})
sqs.send_message(QueueUrl=stale, MessageBody="a")
old = receive(stale)[0]["ReceiptHandle"]
time.sleep(1.1)
step("change visibility: it is visible again", lambda: sqs.change_message_visibility(QueueUrl=stale, ReceiptHandle=old, VisibilityTimeout=1))
receive(stale, VisibilityTimeout=60)
step("delete: by the handle of an earlier receive", lambda: (sqs.delete_message(QueueUrl=stale, ReceiptHandle=old), counts(stale))[1])
step("purge", lambda: (sqs.purge_queue(QueueUrl=batches), counts(batches))[1])
step("purge: twice in a minute", lambda: sqs.purge_queue(QueueUrl=batches))

# SQS: moving
sqs.change_message_visibility(QueueUrl=dead, ReceiptHandle=letters[0]["ReceiptHandle"], VisibilityTimeout=0) if letters else None
elsewhere = queue("elsewhere")
step("move task: from a queue that has no sources", lambda: sqs.start_message_move_task(SourceArn=attributes(elsewhere, "QueueArn")["QueueArn"]))
step("move task: nobody", lambda: sqs.start_message_move_task(SourceArn=dead_arn.replace(":dead", ":nobody")))
step("move task", lambda: sqs.start_message_move_task(SourceArn=dead_arn, DestinationArn=attributes(elsewhere, "QueueArn")["QueueArn"]))
time.sleep(2)
step("move tasks", lambda: [each["Status"] for each in sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"]])
step("move task: cancel nobody's", lambda: sqs.cancel_message_move_task(TaskHandle="nonsense"))
step("delete queue", lambda: sqs.delete_queue(QueueUrl=elsewhere))
step("delete queue: again", lambda: sqs.delete_queue(QueueUrl=elsewhere))

# DynamoDB
S, N, B = (lambda v: {"S": v}), (lambda v: {"N": v}), (lambda v: {"B": v})


def schema(*names):
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ["HASH", "RANGE"])]


table = dict(
    TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=schema("pk", "sk"),
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": type} for name, type in [("pk", "S"), ("sk", "S"), ("colour", "S"), ("rank", "N")]],
    GlobalSecondaryIndexes=[{"IndexName": "by-colour", "KeySchema": schema("colour", "rank"),
                             "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["facts"]}}],
)
step("create table", lambda: dynamodb.create_table(**table)["TableDescription"]["KeySchema"])
step("create table: again", lambda: dynamodb.create_table(**table))
step("create table: a key that is not defined", lambda: dynamodb.create_table(**{**table, "TableName": "other", "AttributeDefinitions": table["AttributeDefinitions"][:1]}))
step("describe table", lambda: {k: v for k, v in dynamodb.describe_table(TableName="table")["Table"].items() if k in ("TableStatus", "KeySchema", "ItemCount")})
step("describe table: nobody", lambda: dynamodb.describe_table(TableName="nobody"))
T = dict(TableName="table")


def key(pk="p", sk="a"):
    return {"pk": S(pk), "sk": S(sk)}


def put(item, **more):
    return dynamodb.put_item(**T, Item=item, **more)


def get(pk="p", sk="a", **more):
    return dynamodb.get_item(**T, Key=key(pk, sk), ConsistentRead=True, **more).get("Item")


def update(expression, values=None, pk="u", **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    return dynamodb.update_item(**T, Key=key(pk), UpdateExpression=expression, ReturnValues="ALL_NEW", **values, **more).get("Attributes")


def without_order(item):
    return {k: {t: sorted(v) if t in ("SS", "NS", "BS") else v for t, v in value.items()} for k, value in item.items()}


everything = {**key(), "s": S("ü😀"), "e": S(""), "n": N("1.50e2"), "b": B(b"\x00\xff"), "t": {"BOOL": True}, "z": {"NULL": True},
              "ss": {"SS": ["b", "a"]}, "ns": {"NS": ["1.0", "2"]}, "l": {"L": [S("x"), {"M": {}}]}, "m": {"M": {"a.b": N("007")}}}
step("put", lambda: put(everything, ReturnConsumedCapacity="TOTAL"))
step("get", lambda: without_order(get()))
step("get: a projection", lambda: get(ProjectionExpression="s, l[1], m.#x", ExpressionAttributeNames={"#x": "a.b"}))
step("get: nobody", lambda: dynamodb.get_item(**T, Key=key("nobody"), ReturnConsumedCapacity="TOTAL"))
step("get: half a key", lambda: dynamodb.get_item(**T, Key={"pk": S("p")}))
step("get: a reserved word", lambda: get(ProjectionExpression="name"))
step("put: the old one", lambda: without_order(put({**key(), "v": N("1")}, ReturnValues="ALL_OLD")["Attributes"]))
for name, item in {
    "no sort key": {"pk": S("p")}, "a key of another type": {"pk": N("1"), "sk": S("a")}, "an empty key": key(""),
    "a key of 2,049 bytes": key("x" * 2049), "a sort key of 1,025 bytes": key("p", "x" * 1025),
    "above 400 KB": {**key(), "b": S("x" * 400 * 1024)}, "an empty set": {**key(), "x": {"SS": []}},
    "a set with one member twice": {**key(), "x": {"SS": ["a", "a"]}}, "39 digits": {**key(), "x": N("1" * 39)},
    "a number that is none": {**key(), "x": N("a")}, "1e126": {**key(), "x": N("1e126")},
    "an index key of another type": {**key(), "colour": N("1")}, "an empty index key": {**key(), "colour": S("")},
}.items():
    step(f"put: {name}", lambda: put(item))
absent = dict(ConditionExpression="attribute_not_exists(pk)")
step("put: a condition that is met", lambda: put(key("c"), **absent))
step("put: a condition that is not", lambda: put(key("c"), **absent))
step("put: an older revision", lambda: (put({**key("r"), "rev": N("5")}), put({**key("r"), "rev": N("4")}, ConditionExpression="attribute_not_exists(pk) OR rev <= :rev", ExpressionAttributeValues={":rev": N("4")})))
step("put: an unused value", lambda: put(key("c"), ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":x": N("1")}))
step("put: an undefined value", lambda: put(key("c"), ConditionExpression="pk = :x"))
step("put: a syntax error", lambda: put(key("c"), ConditionExpression="pk == :x", ExpressionAttributeValues={":x": N("1")}))
for condition in ["n < :ten", "n BETWEEN :one AND :ten", "n IN (:one, :ten)", "NOT n = :one", "begins_with(s, :a)", "contains(tags, :a)",
                  "size(s) = :five", "missing <> :one", "missing < :one", "attribute_type(s, :type)", "l[0] = :a AND attribute_exists(m.x)"]:
    put({**key("w"), "n": N("5"), "s": S("apple"), "tags": {"SS": ["a"]}, "l": {"L": [S("a")]}, "m": {"M": {"x": S("y")}}})
    values = {":ten": N("10"), ":one": N("1"), ":a": S("a"), ":five": N("5"), ":type": S("S")}
    used = {name: value for name, value in values.items() if name in re.findall(r":\w+", condition)}
    step(f"delete if {condition}", lambda: dynamodb.delete_item(**T, Key=key("w"), ConditionExpression=condition, ExpressionAttributeValues=used))
step("delete: the old one", lambda: dynamodb.delete_item(**T, Key=key("c"), ReturnValues="ALL_OLD")["Attributes"])
step("delete: nobody", lambda: dynamodb.delete_item(**T, Key=key("c"), ReturnValues="ALL_OLD").get("Attributes"))
step("update: makes an item", lambda: update("SET a = :one, l = :l, m = :m ADD n :one, tags :t", {":one": N("1"), ":l": {"L": [S("x")]}, ":m": {"M": {}}, ":t": {"SS": ["a"]}}))
step("update: sums", lambda: update("SET a = a + :tenth, n = n - :tenth", {":tenth": N("0.1")}))
step("update: appends", lambda: update("SET l = list_append(l, :l), x = if_not_exists(x, :one)", {":l": {"L": [S("y")]}, ":one": N("1")}))
step("update: within a map", lambda: update("SET m.x = :one", {":one": N("1")}))
step("update: removes", lambda: update("REMOVE l[0], m.x DELETE tags :t", {":t": {"SS": ["a"]}}))
for name, (expression, values) in {
    "a key": ("SET pk = :x", {":x": S("a")}), "a missing operand": ("SET a = missing", None), "a missing parent": ("SET z.y = :x", {":x": S("a")}),
    "the same path twice": ("SET a = :x, a = :x", {":x": S("a")}), "a sum of a text": ("SET a = a + :x", {":x": S("a")}),
    "a syntax error": ("SET a :x", {":x": S("a")}), "a reserved word": ("SET state = :x", {":x": S("a")}),
}.items():
    step(f"update: {name}", lambda: update(expression, values))
step("update: a condition that is not met", lambda: update("SET a = :x", {":x": S("a"), ":y": N("99")}, ConditionExpression="a = :y"))
for i in range(5):
    put({**key("q", f"s{i}"), "colour": S("red"), "rank": N(str(10 - i)), "facts": S("f"), "other": S("o"), "even": {"BOOL": i % 2 == 0}})


def query(condition="pk = :p", values=None, **more):
    return dynamodb.query(**T, KeyConditionExpression=condition, ExpressionAttributeValues=values or {":p": S("q")}, **more)


def found(result, *names):
    return [[list(item[name].values())[0] for name in names or ["sk"]] for item in result.get("Items", [])], result["Count"], result["ScannedCount"], result.get("LastEvaluatedKey")


step("query", lambda: found(query()))
step("query: backwards, two", lambda: found(query(ScanIndexForward=False, Limit=2)))
step("query: goes on", lambda: found(query(Limit=2, ExclusiveStartKey=key("q", "s1"))))
step("query: exactly the last page", lambda: found(query(Limit=5)))
for condition in ["sk = :a", "sk < :a", "sk >= :a", "sk BETWEEN :a AND :b", "begins_with(sk, :s)"]:
    values = {name: value for name, value in {":a": S("s1"), ":b": S("s3"), ":s": S("s")}.items() if name in re.findall(r":\w+", condition)}
    step(f"query: {condition}", lambda: found(query(f"pk = :p AND {condition}", {":p": S("q"), **values})))
step("query: filtered", lambda: found(query(values={":p": S("q"), ":t": {"BOOL": True}}, FilterExpression="even = :t", Limit=3)))
step("query: counted", lambda: {k: v for k, v in query(Select="COUNT").items() if k != "ResponseMetadata"})
step("query: capacity", lambda: query(ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("query: capacity of nothing", lambda: query(values={":p": S("nobody")}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("query: a projection", lambda: query(ProjectionExpression="sk, facts", Limit=1)["Items"])
step("query: an index", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", Limit=2)["Items"])
step("query: an index goes on", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", Limit=2)["LastEvaluatedKey"])
step("query: an index by a range", lambda: found(query("colour = :p AND #r > :n", {":p": S("red"), ":n": N("8")}, IndexName="by-colour", ExpressionAttributeNames={"#r": "rank"}), "rank"))
step("query: an index consistently", lambda: query("colour = :p", {":p": S("red")}, IndexName="by-colour", ConsistentRead=True))
step("query: an index that is not there", lambda: query(IndexName="nobody"))
step("query: no partition key", lambda: query("sk = :p"))
step("query: a filter by the key", lambda: query(values={":p": S("q")}, FilterExpression="sk = :p"))
step("query: a type that is not the key's", lambda: query(values={":p": N("1")}))
step("query: nobody's table", lambda: dynamodb.query(TableName="nobody", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": S("q")}))


def scan(**more):
    result, names = {"LastEvaluatedKey": None}, []
    while "LastEvaluatedKey" in result:
        start = {"ExclusiveStartKey": result["LastEvaluatedKey"]} if result["LastEvaluatedKey"] else {}
        result = dynamodb.scan(**T, **start, **more)
        names += [item["pk"]["S"] + item["sk"]["S"] for item in result["Items"]]
    return sorted(names)


step("scan", lambda: scan())
step("scan: in pages, filtered", lambda: scan(Limit=2, FilterExpression="attribute_exists(facts)"))
step("batch write", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b", str(i))}} for i in range(25)]})["UnprocessedItems"])
step("batch write: 26", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b", str(i))}} for i in range(26)]}))
step("batch write: one twice", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"PutRequest": {"Item": key("b")}}] * 2}))
step("batch write: deletes", lambda: dynamodb.batch_write_item(RequestItems={"table": [{"DeleteRequest": {"Key": key("b", str(i))}} for i in range(25)]})["UnprocessedItems"])
step("batch get", lambda: sorted(item["sk"]["S"] for item in dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", f"s{i}") for i in range(9)], "ProjectionExpression": "sk"}})["Responses"]["table"]))
step("batch get: capacity", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", "s1"), key("q", "none")]}}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])
step("batch get: 101", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q", str(i)) for i in range(101)]}}))
step("batch get: one twice", lambda: dynamodb.batch_get_item(RequestItems={"table": {"Keys": [key("q"), key("q")]}}))
step("capacity of a write and its index", lambda: [put({**key("x"), "colour": S("red"), "rank": N(rank)}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]["CapacityUnits"] for rank in "12"])
step("capacity of 1,500 bytes", lambda: put({**key("y"), "b": S("x" * 1500)}, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"])


def transact(*parts, **more):
    return dynamodb.transact_write_items(TransactItems=list(parts), **more)


def part_put(pk, **more):
    return {"Put": {**T, "Item": key(pk), **more}}


def part_check(pk):
    return {"ConditionCheck": {**T, "Key": key(pk), "ConditionExpression": "attribute_exists(pk)"}}


def part_count(pk):
    values = {":one": {"N": "1"}}
    return {"Update": {**T, "Key": key(pk), "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": values}}


def part_get(pk):
    return {"Get": {**T, "Key": key(pk)}}


step("transact write", lambda: transact(part_put("t1"), part_put("t2"), part_count("t3")))
step("transact write: what was written", lambda: [get(pk) for pk in ("t1", "t2", "t3")])
step("transact write: a condition that is not met", lambda: transact(part_count("t3"), part_check("nobody")))
step("transact write: nothing was written", lambda: get("t3"))
step("transact write: one item twice", lambda: transact(part_put("t1"), part_count("t1")))
step("transact write: 101", lambda: transact(*(part_put(f"m{i}") for i in range(101))))
step("transact write: with a token", lambda: transact(part_count("t4"), ClientRequestToken="token"))
step("transact write: with the token, again", lambda: transact(part_count("t4"), ClientRequestToken="token"))
step("transact write: what the token did", lambda: get("t4"))
step("transact get", lambda: dynamodb.transact_get_items(TransactItems=[part_get("nobody"), part_get("t1")])["Responses"])
step("scan: segments", lambda: sorted(name for n in range(3) for name in scan(Segment=n, TotalSegments=3)) == scan())
step("scan: a segment beyond the last", lambda: scan(Segment=3, TotalSegments=3))
