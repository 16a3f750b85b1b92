"""All operations of SQS that the template's clients use, with their errors and limits: `python3 sqs_steps.py URL`."""

import json
import time

from steps import connect, step

sqs = connect("sqs")


# Queues
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

# Sending
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

# Receiving
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

# Moving
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
